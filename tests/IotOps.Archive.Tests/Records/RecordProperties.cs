using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Archive.Records;

namespace IotOps.Archive.Tests.Records;

/// <summary>Random records, delimiters and blocks, held against a DOM.</summary>
public sealed class RecordProperties
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20_231_001, 7);

    private static readonly Gen<string> Devices = Gen.Elements("THING00001", "THING00002", "THING000010", "a\"b\\c", "{}}{", "é😀\n");

    private static readonly Gen<string> Record =
        from device in Devices
        from time in Gen.Choose(0, 3)
        from depth in Gen.Choose(0, 2)
        from indented in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from note in Gen.Elements("", "}{", "\\\"", "thingName", "\u2028", "]")
        from first in Gen.Elements(true, false)
        select Write(device, time, depth, indented, note, first);

    private static readonly Gen<(string Content, string[] Records)> Content =
        from records in Gen.ArrayOf(Record)
        from delimiters in Gen.ArrayOf(Gen.Elements("\n", "", "\r\n", " ", "\n\n"), records.Length)
        select (string.Concat(records.Select((r, i) => r + delimiters[i])), records);

    [Fact]
    public void The_records_kept_are_those_that_a_dom_would_keep() => Check.One(
        Fixed,
        Prop.ForAll(
            (from content in Content from block in Gen.Choose(1, 300) select (content, block)).ToArbitrary(),
            input =>
            {
                string expected = string.Concat(input.content.Records.Where(IsMine).Select(r => r + "\n"));
                return Scan.Text(Scan.Filter("thingName", "meta.timestamp"), input.content.Content, input.block) == expected;
            }));

    [Fact]
    public void No_bytes_at_all_make_the_scanner_fail_or_depend_on_the_blocks() => Check.One(
        Fixed,
        Prop.ForAll(
            (from pieces in Gen.ArrayOf(Gen.OneOf(Record, Gen.Elements("{", "}", "[", "\"", "\n", "\\", "garbage", "{\"a\":", "\0", "1")))
             from block in Gen.Choose(1, 50)
             select (string.Concat(pieces), block)).ToArbitrary(),
            input =>
            {
                (string whole, RecordCounts counts) = Scan.Run(Scan.Filter(), input.Item1);
                (string blocks, RecordCounts blockCounts) = Scan.Run(Scan.Filter(), input.Item1, input.block);
                return whole == blocks && counts.Written == blockCounts.Written;
            }));

    private static bool IsMine(string record)
    {
        using var document = JsonDocument.Parse(record);
        return document.RootElement.GetProperty("thingName").GetString() == "THING00001"
            && document.RootElement.GetProperty("meta").GetProperty("timestamp").GetInt64() is >= 1_696_118_400_000 and < 1_696_204_800_000;
    }

    private static string Write(string device, int time, int depth, bool indented, string note, bool first)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = indented }))
        {
            json.WriteStartObject();
            if (first)
            {
                json.WriteString("thingName", device);
            }

            json.WriteString("note", note);
            for (int i = 0; i < depth; i++)
            {
                json.WriteStartObject($"nested{i}");
                json.WriteString("thingName", "THING00001");
                json.WriteEndObject();
            }

            json.WriteStartObject("meta");
            json.WriteNumber("timestamp", 1_696_118_399_999 + (time * 43_200_000L));
            json.WriteEndObject();
            if (!first)
            {
                json.WriteString("thingName", device);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
