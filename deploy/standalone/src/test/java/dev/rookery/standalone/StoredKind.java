package dev.rookery.standalone;

import dev.rookery.event.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A kind of event that a NIP describes, and how clients ask for it: a line of the table below.
///
/// @param tags with names in angle brackets for what differs from test to test
/// @param filters each a list of what is asked for together, besides the kind: `author`, or the value of a tag
record StoredKind(int nip, int kind, Kept kept, List<List<String>> tags, List<List<String>> filters) {

    /// What is left when an author publishes another version.
    enum Kept {
        ALL,
        ONE,
        ONE_PER_D
    }

    /// NIP, kind, what is kept of two versions, tags as `name=value,further`, and what is asked for.
    private static final String TABLE = """
            2  | 3     | ONE       | p=<p>,wss://alice.example,alice p=<q> | author #p
            4  | 4     | ALL       | p=<p> | #p author+#p
            15 | 30017 | ONE_PER_D | d=<n> | author author+#d #d
            15 | 30018 | ONE_PER_D | d=<n> t=rooks-<n> t=prints | author+#d #t
            18 | 6     | ALL       | e=<e>,wss://relay.example p=<p> | #e #p author
            18 | 16    | ALL       | e=<e> p=<p> k=30023 a=30023:<p>:rooks | #e #a #k+#p
            22 | 1111  | ALL       | A=30023:<p>:<n> E=<e> K=30023 P=<p> a=30023:<p>:<n> e=<e> k=30023 p=<p> | #A #E #K+#P #a #e #k+#p
            22 | 1111  | ALL       | I=https://rooks.example/<n> K=web i=https://rooks.example/<n> k=web | #I #K+#I #i #k+#i
            23 | 30023 | ONE_PER_D | d=rooks-<n> title=Rooks published_at=1700000000 t=rooks-<n> e=<e> a=30023:<p>:nests | author author+#d #t #a
            23 | 30024 | ONE_PER_D | d=draft title=Crows | author author+#d
            25 | 7     | ALL       | e=<e>,wss://relay.example p=<p> k=1 | #e #p author+#e
            25 | 7     | ALL       | a=30023:<p>:<n> e=<e> p=<p> k=30023 emoji=rook,https://rooks.example/rook.png | #a #e #k+#p
            25 | 17    | ALL       | k=web i=https://rooks.example/<n> | #i #k+#i
            28 | 40    | ALL       | | author
            28 | 41    | ALL       | e=<e>,wss://relay.example,root | #e author+#e
            28 | 42    | ALL       | e=<e>,wss://relay.example,root e=<q>,wss://relay.example,reply p=<p> | #e #p
            28 | 43    | ALL       | e=<e> | author+#e
            28 | 44    | ALL       | p=<p> | author+#p
            51 | 10000 | ONE       | p=<p> t=spam word=crows e=<e> | author #p
            51 | 10001 | ONE       | e=<e> | author #e
            51 | 10003 | ONE       | e=<e> a=30023:<p>:rooks | author #a
            51 | 10007 | ONE       | relay=wss://search.example | author
            51 | 10015 | ONE       | t=rooks-<n> a=30015:<p>:birds | author #t
            51 | 10050 | ONE       | relay=wss://inbox.example | author
            51 | 30000 | ONE_PER_D | d=friends-<n> title=Friends p=<p> p=<q> | author+#d #d #p
            51 | 30002 | ONE_PER_D | d=<n> relay=wss://relay.example | author+#d
            51 | 30003 | ONE_PER_D | d=<n> e=<e> a=30023:<p>:rooks t=<n> | author+#d #e
            51 | 30004 | ONE_PER_D | d=<n> title=Rooks a=30023:<p>:rooks e=<e> | author+#d #a
            51 | 30007 | ONE_PER_D | d=1985 p=<p> | author+#d
            51 | 30030 | ONE_PER_D | d=<n> emoji=rook,https://rooks.example/rook.png | author+#d
            51 | 39089 | ONE_PER_D | d=<n> title=Start p=<p> | author+#d #p
            57 | 9735  | ALL       | p=<p> P=<q> e=<e> a=30023:<p>:<n> k=1 bolt11=lnbc10u1p description=<json> preimage=<q> | #p #P #e #a #k+#p author+#p
            58 | 8     | ALL       | a=30009:<q>:<n> p=<p> p=<q> | #p #a author
            58 | 30008 | ONE_PER_D | d=profile_badges a=30009:<q>:<n> e=<e>,wss://relay.example | author+#d #a
            58 | 30009 | ONE_PER_D | d=brave-<n> name=Brave image=https://rooks.example/b.png,1024x1024 | author+#d #d
            65 | 10002 | ONE       | r=wss://<n>.example,read r=wss://write.example,write | author #r
            66 | 10166 | ONE       | frequency=3600 timeout=open,5000 c=ws | author #c+author
            66 | 30166 | ONE_PER_D | d=wss://<n>.example:7777/a%20b n=clearnet N=42 R=!payment T=PublicInbox k=1 t=<n> l=en,ISO-639-1 g=u0 rtt-open=234 | author+#d #d #n+#d #N+#t #R+#T+#d #k+#l+#g+#d
            71 | 21    | ALL       | title=Nests published_at=1700000000 t=video-<n> p=<p> imeta=url\\u0020https://rooks.example/n.mp4,m\\u0020video/mp4 | author #t #p
            71 | 22    | ALL       | title=Flight t=short-<n> | author #t
            71 | 34235 | ONE_PER_D | d=<n> title=Nests t=addressed-<n> | author+#d #t
            71 | 34236 | ONE_PER_D | d=<n> title=Flight | author+#d
            72 | 34550 | ONE_PER_D | d=rookery-<n> name=Rookery p=<p>,wss://relay.example,moderator | author+#d #d #p
            72 | 4550  | ALL       | a=34550:<q>:<n> e=<e> p=<p> k=1111 | #a #e #k+#a author
            78 | 78    | ALL       | d=<n> | author author+#d
            78 | 30078 | ONE_PER_D | d=app/<n>:settings | author+#d author
            84 | 9802  | ALL       | r=https://rooks.example/<n>,source e=<e> a=30023:<p>:rooks p=<p>,,author context=Rooks\\u0020nest. | #r #e #a #p author
            89 | 31989 | ONE_PER_D | d=31337 a=31990:<p>:<n>,wss://relay.example,web | author+#d #a
            89 | 31990 | ONE_PER_D | d=<n> k=31337 web=https://app.example/a/<bech32>,nevent | author+#d #k+#d #d
            94 | 1063  | ALL       | url=https://rooks.example/n.png m=image/png x=<e> ox=<q> size=184292 dim=1024x768 i=<p> t=rooks | #m+#x #x #i author
            99 | 30402 | ONE_PER_D | d=<n> title=Nest price=100,EUR location=Oxford g=gcpvj0 t=nests-<n> status=active | author+#d #t #g+#t
            99 | 30403 | ONE_PER_D | d=<n> title=Draft | author+#d
            """;

    static List<StoredKind> all() {
        return TABLE.lines().map(StoredKind::read).toList();
    }

    private static StoredKind read(String line) {
        String[] cells = line.split("\\|");
        return new StoredKind(
                Integer.parseInt(cells[0].strip()),
                Integer.parseInt(cells[1].strip()),
                Kept.valueOf(cells[2].strip()),
                words(cells[3], ","),
                words(cells[4], "\\+"));
    }

    private static List<List<String>> words(String cell, String separator) {
        return Arrays.stream(cell.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .map(word -> List.of(word.split(separator, -1)))
                .toList();
    }

    /// @param values for the names in angle brackets
    List<Tag> tags(Map<String, String> values) {
        return tags.stream().map(words -> tag(words, values)).toList();
    }

    private static Tag tag(List<String> words, Map<String, String> values) {
        String[] first = words.getFirst().split("=", 2);
        return new Tag(java.util.stream.Stream.concat(
                        Arrays.stream(first), words.stream().skip(1))
                .map(word -> filled(word, values))
                .toList());
    }

    private static String filled(String word, Map<String, String> values) {
        String filled = word.replace("\\u0020", " ");
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("<" + value.getKey() + ">", value.getValue());
        }
        return filled;
    }

    @Override
    public String toString() {
        return "NIP-%02d, kind %d, %s".formatted(nip, kind, filters);
    }
}
