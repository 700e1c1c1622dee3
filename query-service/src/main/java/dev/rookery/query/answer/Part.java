package dev.rookery.query.answer;

import dev.rookery.link.LinkFrame;
import java.util.List;

/// The next part of an answer: a page, the end, or both.
///
/// @param bytes  of events in it
/// @param isLast the answer is complete
public record Part(List<LinkFrame.ToGateway> frames, long bytes, boolean isLast) {

    public Part {
        frames = List.copyOf(frames);
    }
}
