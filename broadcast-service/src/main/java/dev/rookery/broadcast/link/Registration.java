package dev.rookery.broadcast.link;

/// One subscription of a gateway. Its identity is the key in the index.
final class Registration {

    private final Link link;
    private final int handle;
    private final int filterBytes;

    Registration(Link link, int handle, int filterBytes) {
        this.link = link;
        this.handle = handle;
        this.filterBytes = filterBytes;
    }

    Link link() {
        return link;
    }

    int handle() {
        return handle;
    }

    int filterBytes() {
        return filterBytes;
    }
}
