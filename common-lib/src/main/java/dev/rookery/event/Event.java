package dev.rookery.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.json.JsonStrings;
import dev.rookery.signature.SchnorrSigner;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A well-formed event of NIP-01, kept as its canonical JSON. That id and signature are right is not said by its
/// existence:
/// ask [#hasValidId()] and a signature check. Immutable, and safe between threads; equal when the ids are.
public final class Event {

    /// A second is an integer that every client can hold: JavaScript's largest safe one.
    public static final long LATEST = (1L << 53) - 1;

    private static final byte[] EXPIRATION = "expiration".getBytes(UTF_8);
    private static final byte[] IDENTIFIER = {'d'};
    private static final byte[] PROTECTION = {'-'};
    private static final byte[] RECIPIENT = {'p'};

    private final Bytes32 id;
    private final Bytes32 pubkey;
    private final long createdAt;
    private final int kind;
    private final CanonicalForm form;

    /// Decoded when first asked for; whichever thread is first, the value is the same.
    private @Nullable List<Tag> tags;

    /// As with [#tags].
    private @Nullable TagValues tagValues;

    /// As with [#tags].
    private @Nullable OptionalLong expiration;

    /// As with [#tags]; volatile, because a set that another thread has filled may be seen half full otherwise.
    private volatile @Nullable Set<Bytes32> recipients;

    /// @param head what the form says too, decoded
    Event(Head head, CanonicalForm form) {
        this.id = head.id;
        this.pubkey = head.pubkey;
        this.createdAt = head.createdAt;
        this.kind = head.kind;
        this.form = form;
    }

    /// Makes and signs an event of the signer's key.
    public static Event of(SchnorrSigner signer, long createdAt, int kind, List<Tag> tags, String content) {
        return new EventWriter(createdAt, kind, tags, content).sign(signer);
    }

    public Bytes32 id() {
        return id;
    }

    public Bytes32 pubkey() {
        return pubkey;
    }

    /// Unix seconds, 0 to [#LATEST].
    public long createdAt() {
        return createdAt;
    }

    /// 0 to [Kinds#HIGHEST].
    public int kind() {
        return kind;
    }

    public List<Tag> tags() {
        List<Tag> known = tags;
        if (known == null) {
            known = walk().decode();
            tags = known;
        }
        return known;
    }

    /// Its tags as filters see them.
    public TagValues tagValues() {
        TagValues known = tagValues;
        if (known == null) {
            known = new TagValues(tags());
            tagValues = known;
        }
        return known;
    }

    /// The keys that its `p` tags name, each by 64 digits of lowercase hex. There may be thousands, and many ask.
    public Set<Bytes32> recipients() {
        Set<Bytes32> known = recipients;
        if (known == null) {
            known = Collections.unmodifiableSet(walk().keys(RECIPIENT));
            recipients = known;
        }
        return known;
    }

    /// The number of tags, without decoding them.
    public int tagCount() {
        return walk().count();
    }

    /// NIP-70: whether it has the tag `-`, whatever else stands in it. Found without decoding the tags.
    public boolean isProtected() {
        return walk().hasName(PROTECTION);
    }

    /// Decoded with each call.
    public String content() {
        return JsonStrings.decode(form.json, form.content + 1, form.contentEnd() - 1);
    }

    /// The length of the content in Unicode code points.
    public int contentLength() {
        return JsonStrings.codePoints(form.json, form.content + 1, form.contentEnd() - 1);
    }

    /// Whether the content is longer than so many code points, found out without counting where that is plain.
    public boolean contentExceeds(int codePoints) {
        return form.contentEnd() - form.content - 2 > codePoints && contentLength() > codePoints;
    }

    /// A new array of 64 bytes.
    public byte[] signature() {
        return form.signature();
    }

    /// The canonical JSON, UTF-8. Shared by everyone who asks: never to be modified.
    public byte[] json() {
        return form.json;
    }

    /// NIP-01: whether the id is the hash of the other fields.
    public boolean hasValidId() {
        return form.hash().equals(id);
    }

    /// The value of the first tag of that name which has one.
    public Optional<String> firstValue(String tagName) {
        return Optional.ofNullable(walk().firstValue(CanonicalTags.spelled(tagName), false));
    }

    /// NIP-01: the value of the first `d` tag; "" when there is none, or none in it. Two spellings of one address.
    public String identifier() {
        String value = walk().firstValue(IDENTIFIER, true);
        return value == null ? "" : value;
    }

    /// NIP-40: the second from which the event is void. A value that is not plain digits is as no value.
    public OptionalLong expiration() {
        OptionalLong known = expiration;
        if (known == null) {
            known = Expiration.parse(walk().firstValue(EXPIRATION, true));
            expiration = known;
        }
        return known;
    }

    public boolean isExpired(long nowSeconds) {
        OptionalLong end = expiration();
        return end.isPresent() && end.getAsLong() <= nowSeconds;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Event event && id.equals(event.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /// The canonical JSON as text.
    @Override
    public String toString() {
        return new String(form.json, UTF_8);
    }

    private CanonicalTags walk() {
        return new CanonicalTags(form.json, form.tags);
    }

    /// The fields of fixed size.
    record Head(Bytes32 id, Bytes32 pubkey, long createdAt, int kind) {}
}
