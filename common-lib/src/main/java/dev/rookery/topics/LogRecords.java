package dev.rookery.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.event.Event;
import dev.rookery.order.Effect;
import dev.rookery.order.Effects;
import dev.rookery.order.Position;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes and reads the suite's log records. The value is always an event's canonical JSON, as clients get it; the
/// rest is in headers, and headers that this release does not know are ignored.
///
/// | header | bytes | on |
/// |---|---|---|
/// | `v` | 1: the version of these headers | all |
/// | `gateway` | the id of the gateway that waits for the verdict | index, bulk |
/// | `origin` | 1: the flags of `Origin`; absent is 0 | all |
/// | `epoch`, `seq` | 8 each; absent for an ephemeral event | broadcast |
/// | `effects` | as `Effects` encodes them; absent when there are none | broadcast |
/// | `mac` | 32: the seal over topic, all of the above and the value | all |
public final class LogRecords {

    private static final Logger log = LoggerFactory.getLogger(LogRecords.class);

    private static final byte[] VERSION = {1};
    private static final byte[] NOTHING = {};

    private final Topics topics;
    private final Seal seal;

    public LogRecords(Topics topics, Seal seal) {
        this.topics = topics;
        this.seal = seal;
    }

    public ProducerRecord<byte[], byte[]> toIndex(Event event, String gateway, Origin origin) {
        return toDecide(topics.index(), Topics.indexPartition(event.pubkey()), event, gateway, origin);
    }

    public ProducerRecord<byte[], byte[]> toBulk(Event event, Origin origin) {
        return toDecide(topics.bulk(), Topics.bulkPartition(event.pubkey()), event, "", origin);
    }

    private ProducerRecord<byte[], byte[]> toDecide(
            String topic, int partition, Event event, String gateway, Origin origin) {
        var record = new ProducerRecord<>(topic, partition, event.pubkey().toBytes(), event.json());
        byte[] to = gateway.getBytes(UTF_8);
        byte[] flags = {origin.flags()};
        record.headers()
                .add("v", VERSION)
                .add("gateway", to)
                .add("origin", flags)
                .add("mac", seal.of(topic.getBytes(UTF_8), VERSION, to, flags, event.json()));
        return record;
    }

    public IndexRecord readIndex(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        byte[] gateway = header(headers, "gateway");
        byte[] flags = header(headers, "origin");
        byte[] json = valueOf(record.value());
        boolean sealed = seal.fits(
                header(headers, "mac"), record.topic().getBytes(UTF_8), header(headers, "v"), gateway, flags, json);
        return new IndexRecord(new String(gateway, UTF_8), origin(flags), json, sealed);
    }

    public ProducerRecord<byte[], byte[]> toBroadcast(BroadcastRecord event) {
        byte[] key = ByteBuffer.allocate(4).putInt(event.kind()).array();
        int partition = Topics.broadcastPartition(event.kind());
        var record = new ProducerRecord<>(topics.broadcast(), partition, key, event.json());
        byte[] epoch = event.isEphemeral() ? NOTHING : number(event.position().epoch());
        byte[] seq = event.isEphemeral() ? NOTHING : number(event.position().seq());
        byte[] flags = {event.origin().flags()};
        byte[] effects = Effects.encode(event.effects());
        Headers headers = record.headers().add("v", VERSION).add("origin", flags);
        if (!event.isEphemeral()) {
            headers.add("epoch", epoch).add("seq", seq);
        }
        if (effects.length > 0) {
            headers.add("effects", effects);
        }
        byte[] json = valueOf(event.json());
        headers.add("mac", seal.of(record.topic().getBytes(UTF_8), VERSION, flags, epoch, seq, effects, json));
        return record;
    }

    /// The record, or nothing when no process of this suite wrote it: a stranger's may be of any shape.
    public Optional<BroadcastRecord> readBroadcast(ConsumerRecord<byte[], byte[]> record) {
        try {
            return readSealed(record);
        } catch (RuntimeException malformed) {
            log.debug("malformed record at {}-{}", record.partition(), record.offset(), malformed);
            return Optional.empty();
        }
    }

    private Optional<BroadcastRecord> readSealed(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        byte[] flags = header(headers, "origin");
        byte[] epoch = header(headers, "epoch");
        byte[] seq = header(headers, "seq");
        byte[] effects = header(headers, "effects");
        byte[] topic = record.topic().getBytes(UTF_8);
        byte[] json = valueOf(record.value());
        if (!seal.fits(header(headers, "mac"), topic, header(headers, "v"), flags, epoch, seq, effects, json)) {
            return Optional.empty();
        }
        Position position = seq.length == 0 ? Position.NONE : new Position(number(epoch), number(seq));
        List<Effect> decoded = Effects.decode(effects);
        int kind = ByteBuffer.wrap(record.key()).getInt();
        return Optional.of(new BroadcastRecord(position, origin(flags), decoded, kind, record.value()));
    }

    private static Origin origin(byte[] flags) {
        return flags.length == 0 ? Origin.CLIENT : Origin.ofFlags(flags[0]);
    }

    private static byte[] header(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? NOTHING : valueOf(header.value());
    }

    private static byte[] valueOf(byte @Nullable [] bytes) {
        return bytes == null ? NOTHING : bytes;
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }
}
