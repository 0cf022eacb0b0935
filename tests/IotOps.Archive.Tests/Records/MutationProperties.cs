using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Archive.Tests.Records;

/// <summary>One record of a random stream is broken by a byte, or cut off: it may take the one behind it along, and no other.</summary>
public sealed class MutationProperties
{
    private const string Mine = "THING00001";
    private static readonly Gen<string> Notes = Gen.Elements("", "}{", "\\\"", "]", "text, {curly}: [1]", "é日本", "\\n", "THING00001");

    private static readonly Gen<Func<int, string>> Record =
        from device in Gen.Elements(Mine, Mine, "OTHER", "thing-7")
        from note in Notes
        from sub in Gen.Elements("", ",\"sub\":{\"thingName\":\"THING00001\",\"timestamp\":1696150800000}", ",\"sub\":{\"a\":[]}")
        from list in Gen.Elements(
            "",
            ",\"list\":[1,2,3]",
            ",\"list\":[{\"thingName\":\"THING00001\",\"timestamp\":1696150800000},{\"thingName\":\"THING00001\",\"timestamp\":1696150800000}]")
        from last in Gen.Elements(true, false)
        select (Func<int, string>)(n => last
            ? $"{{\"n\":{n},\"note\":\"{note}\"{sub}{list},\"timestamp\":1696150800000,\"thingName\":\"{device}\"}}"
            : $"{{\"thingName\":\"{device}\",\"n\":{n},\"timestamp\":1696150800000,\"note\":\"{note}\"{sub}{list}}}");

    private static readonly Gen<Func<string, int, string>> OneByte = Gen.OneOf(
        Gen.Elements('{', '}', '[', ']', '"', ',', ':', '\\', ' ', 'x', '\0', '\u0001').Select(c => (Func<string, int, string>)((record, at) => record.Insert(at, c.ToString()))),
        Gen.Elements('{', '}', '[', ']', '"', ',', ':', '\\', 'x', '\u0001').Select(c => (Func<string, int, string>)((record, at) => $"{record[..at]}{c}{record[Math.Min(record.Length, at + 1)..]}")),
        Gen.Constant((Func<string, int, string>)((record, at) => record.Remove(Math.Min(at, record.Length - 1), 1))),
        Gen.Constant((Func<string, int, string>)((record, at) => record[..at])),
        Gen.Constant((Func<string, int, string>)((record, at) => record[..at] + "NaN" + record[at..])));

    private static readonly Gen<Func<string, int, string>> ManyBytes = Gen.OneOf(
        Gen.Constant((Func<string, int, string>)((record, at) => record[at..])),
        Gen.Choose(2, 40).Select(count => (Func<string, int, string>)((record, at) => record.Remove(at, Math.Min(count, record.Length - at)))),
        Gen.Choose(2, 40).Select(count => (Func<string, int, string>)((record, at) => record.Insert(at, record[..Math.Min(count, record.Length)]))));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_broken_byte_costs_its_record_and_at_most_the_one_behind_it_and_lets_no_other_device_s_in(ulong seed) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(6_000).WithReplay(seed, 7),
        Prop.ForAll(Streams(OneByte).ToArbitrary(), stream =>
        {
            string[] kept = stream.Kept();
            string[] others = [.. stream.Records.Where((record, i) => i != stream.Broken && IsMine(record))];
            string[] ownPieces = IsMine(stream.Records[stream.Broken]) ? [stream.Mutated] : [];

            // Of a list that was cut off before a comma nobody can tell where it ends and where the records go on.
            bool isOpenList = stream.Delimiter.StartsWith(',') && stream.Mutated.LastIndexOf('[') > stream.Mutated.LastIndexOf(']');
            bool holds = stream.Needed().All(kept.Contains)
                && kept.All(line => isOpenList || others.Contains(line) || ownPieces.Any(piece => piece.Contains(line, StringComparison.Ordinal)))
                && (isOpenList || kept.Length == kept.Distinct(StringComparer.Ordinal).Count());
            return holds.Label($"{stream.Broken} became {stream.Mutated}, kept {string.Join('|', kept)}");
        }));

    // What is left of a record, or was put together of two, may be one again: here only the others count.
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Many_broken_bytes_cost_no_more(ulong seed) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(6_000).WithReplay(seed, 7),
        Prop.ForAll(Streams(ManyBytes).ToArbitrary(), stream =>
        {
            string[] kept = stream.Kept();
            return stream.Needed().All(kept.Contains).Label($"{stream.Broken} became {stream.Mutated}, kept {string.Join('|', kept)}");
        }));

    private static Gen<RecordStream> Streams(Gen<Func<string, int, string>> mutations) =>
        from delimiter in Gen.Elements("", "\n", "\r\n", " ", ",", ",\n", "\0\0")
        from makers in Gen.ArrayOf(Record, 8)
        from broken in Gen.Choose(0, 5)
        from mutation in mutations
        from place in Gen.Choose(0, 10_000)
        from block in Gen.Elements(int.MaxValue, 61, 7)
        let records = makers.Select((make, n) => make(n)).ToArray()
        select new RecordStream(delimiter, records, broken, mutation(records[broken], place % (records[broken].Length + 1)), block);

    private static bool IsMine(string record) =>
        record.StartsWith($"{{\"thingName\":\"{Mine}\"", StringComparison.Ordinal) || record.EndsWith($"\"thingName\":\"{Mine}\"}}", StringComparison.Ordinal);

    private sealed record RecordStream(string Delimiter, string[] Records, int Broken, string Mutated, int Block)
    {
        /// <summary>Records of this device that must be kept, whatever happened.</summary>
        public IEnumerable<string> Needed() => Records.Where((record, i) => i != Broken && i != Broken + 1 && IsMine(record));

        public string[] Kept()
        {
            string[] content = [.. Records];
            content[Broken] = Mutated;
            return Scan.Text(Scan.Filter("thingName", "timestamp"), string.Join(Delimiter, content), Block).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
