using System.Buffers;
using System.Text;
using IotOps.Archive.Records;

namespace IotOps.Archive.Tests.Records;

/// <summary>A fault costs the record that it is in. What stands behind it is read, however records are delimited.</summary>
public sealed class ResynchronisationTests
{
    private const string One = """{"thingName":"THING00001","timestamp":1696118400000,"n":1}""";
    private const string Two = """{"thingName":"THING00001","timestamp":1696118400000,"n":2}""";
    private const string Three = """{"thingName":"THING00001","timestamp":1696118400000,"n":3}""";

    public static TheoryData<string> Delimiters => ["", "\n", "\r\n", " ", ",", ",\n", "\0\0", "\u001e", "\n\n"];

    public static TheoryData<string> Faults =>
    [
        "{", "[", "}", "{\"a\":\"", "{\"a\":{", "{\"a\":[1,", "{\"a\":", "{\"a\"", "{\"trunc\":\"abc", "{\"trunc\":12", "garbage", "\"", "\\",
        "{\"thingName\":\"OTHER\",\"v\":nope}", "{\"thingName\":\"OTHER\",\"v\":,\"w\":1}", "{\"thingName\":\"OT\"HER\",\"v\":1}", "{\"thingName\":\"OTHER,\"v\":1}",
        "{\"thingName\":\"OTHER\",\"v\":1", "{\"thingName\":\"OTHER\" \"v\":1}", "{\"thingName\":\"OTHER\",\"v\":[1,2}", "{\"thingName\":\"OTHER\",\"v\":1]", "{\"a\":1}}", "hingName\":\"OTHER\",\"sub\":{\"a\":1}}",
        "{'thingName':'OTHER'}", "{\"thingName\":\"OTHER\",\"v\":1,}", "{thingName:\"OTHER\"}", "ÿþ", "{\"a\":\"\\", "{\"a\":[[[[[[",
    ];

    [Theory]
    [MemberData(nameof(Delimiters))]
    public void A_fault_costs_itself_and_at_most_the_record_behind_it(string delimiter)
    {
        foreach (string fault in Faults.Select(row => row.Data))
        {
            string content = string.Join(delimiter, One, fault, Two, Three, One, Two, Three);
            foreach (int block in new[] { int.MaxValue, 1, 7 })
            {
                (string kept, RecordCounts counts) = Scan.Run(Scan.Filter("thingName", "timestamp"), content, block);

                string rest = $"{Three}\n{One}\n{Two}\n{Three}\n";
                kept.ShouldBeOneOf([$"{One}\n{Two}\n{rest}", $"{One}\n{rest}"], StringComparer.Ordinal, $"behind {fault} with '{delimiter}' in blocks of {block}");
                if (fault != "[")
                {
                    (counts.Unreadable + counts.Unwanted).ShouldBeGreaterThan(0, fault);
                }
            }
        }
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("-nan")]
    [InlineData("inf")]
    public void A_number_that_json_does_not_have_costs_nothing(string number)
    {
        string record = $$"""{"thingName":"THING00001","timestamp":1696118400000,"v":{{number}}}""";
        string other = $$"""{"thingName":"OTHER","timestamp":1696118400000,"v":[{{number}},{"w":{{number}}}]}""";

        (string kept, RecordCounts counts) = Scan.Run(Scan.Filter("thingName", "timestamp"), One + other + record + other + Two);

        kept.ShouldBe($"{One}\n{record}\n{Two}\n", "as it was written");
        (counts.Unwanted, counts.Unreadable).ShouldBe((2, 0));
    }

    [Theory]
    [InlineData("\u0001")]
    [InlineData("\t")]
    [InlineData("\0")]
    [InlineData("\u001b[31m")]
    [InlineData("\r\n")]
    [InlineData("\\x41 C:\\dir")]
    public void A_raw_control_character_in_a_string_costs_nothing(string text)
    {
        string record = $$"""{"thingName":"THING00001","timestamp":1696118400000,"v":"a{{text}}b"}""";

        Scan.Text(Scan.Filter("thingName", "timestamp"), One + record + Two + "\n" + record + "\n" + Three).ShouldBe($"{One}\n{record}\n{Two}\n{record}\n{Three}\n");
    }

    [Theory]
    [InlineData("\0\0")]
    [InlineData(",")]
    [InlineData(",\n")]
    [InlineData(" , ")]
    [InlineData("\u001e")]
    [InlineData("\ufeff")]
    [InlineData("\n\ufeff")]
    [InlineData("\0,\r\n\t")]
    public void What_stands_between_records_costs_nothing(string between)
    {
        (string kept, RecordCounts counts) = Scan.Run(Scan.Filter("thingName", "timestamp"), between + One + between + Two + between + Three + between, 3);

        kept.ShouldBe($"{One}\n{Two}\n{Three}\n");
        counts.Unreadable.ShouldBe(0);
    }

    [Fact]
    public void A_record_longer_than_is_read_costs_itself_alone()
    {
        string giant = $$"""{"thingName":"THING00001","timestamp":1696118400000,"x":"{{new string('x', 9_000)}}","y":[{"a":"}{"}]}""";

        foreach (string delimiter in Delimiters.Select(row => row.Data))
        {
            (string kept, RecordCounts counts) = Scan.Run(
                Scan.Filter("thingName", "timestamp"), string.Join(delimiter, One, giant, Two, giant, giant, Three), block: 500, longest: 1024);

            kept.ShouldBe($"{One}\n{Two}\n{Three}\n", $"'{delimiter}'");
            counts.Unreadable.ShouldBe(3);
        }
    }

    [Theory]
    [InlineData("""{"thingName":"OTHER","timestamp":1696118400000,"v":nope,"list":[{"thingName":"THING00001","timestamp":1696118400000},{"thingName":"THING00001","timestamp":1696118400000}]}""")]
    [InlineData("""{"thingName":"OTHER","timestamp":1696118400000,"v":nope,"sub":{"thingName":"THING00001","timestamp":1696118400000}}""")]
    [InlineData("""{"thingName":"OTHER","payload":"{"thingName":"THING00001","timestamp":1696118400000}","v":1}""")]
    [InlineData("""{"thingName":"OTHER","message":"got {"thingName":"THING00001","timestamp":1696118400000} back","v":1}""")]
    [InlineData("""{"thingName":"OT"HER","list":[{"thingName":"THING00001","timestamp":1696118400000},{"thingName":"THING00001","timestamp":1696118400000}]}""")]
    [InlineData("""{"thingName":"OTHER,"list":[{"thingName":"THING00001","timestamp":1696118400000},{"thingName":"THING00001","timestamp":1696118400000}],"v":1}""")]
    [InlineData("""ngName":"OTHER","list":[{"thingName":"THING00001","timestamp":1696118400000},{"thingName":"THING00001","timestamp":1696118400000}]}""")]
    [InlineData("""{"thingName":"OTHER","a":1},"list":[{"thingName":"THING00001","timestamp":1696118400000},{"thingName":"THING00001","timestamp":1696118400000}]}""")]
    [InlineData("{\"thingName\":\"OTHER\",\"v\":nope,\"list\":[\n{\"thingName\":\"THING00001\",\"timestamp\":1696118400000},\n{\"thingName\":\"THING00001\",\"timestamp\":1696118400000}\n]}")]
    public void A_piece_of_another_device_s_broken_record_is_never_taken_for_a_record(string broken)
    {
        foreach (string delimiter in Delimiters.Select(row => row.Data))
        {
            string kept = Scan.Text(Scan.Filter("thingName", "timestamp"), string.Join(delimiter, One, broken, Two, Three, One));

            kept.ShouldBeOneOf([$"{One}\n{Two}\n{Three}\n{One}\n", $"{One}\n{Three}\n{One}\n"], StringComparer.Ordinal, $"'{delimiter}'");
        }
    }

    [Fact]
    public void Every_broken_line_is_counted() =>
        Scan.Run(Scan.Filter("thingName", "timestamp"), $"{{\"thingName\":\"THING00001\",\"a\":x}}\n{One}\nno json\nno json either\n{{\"thingName\":\"THING00001\"\n{Two}\n").Counts.Unreadable.ShouldBe(4);

    [Fact]
    public void Records_that_open_and_never_close_take_linear_time()
    {
        string content = string.Concat(Enumerable.Repeat("{\"a\":[1,", 60_000)) + string.Concat(Enumerable.Repeat("{\"a\":\"{\"", 60_000)) + One;

        Scan.Text(Scan.Filter("thingName", "timestamp"), content).ShouldBeOneOf("", One + "\n");
    }

    // A megabyte of gzip makes a gigabyte of blanks, all of which waited for what comes behind them.
    [Theory]
    [InlineData("}{")]
    [InlineData("[")]
    [InlineData("{\"a\":x}{\"thingName\":\"THING00001\"}")]
    [InlineData("{\"a\":x}{\"thingName\":\"THING00001\"},")]
    [InlineData("{\"a\":[x,{\"b\":1}")]
    [InlineData("{\"a\":[x,{\"b\":1},")]
    [InlineData("{\"a\":x,{")]
    public void Blanks_without_an_end_do_not_wait_in_memory(string before)
    {
        const int Block = 4_096;
        byte[] content = Encoding.UTF8.GetBytes(before + new string(' ', 1 << 20) + "\n" + One);
        var output = new ArrayBufferWriter<byte>();
        var scanner = new RecordScanner(Scan.Filter("thingName", "timestamp"), new WantedRecords(output), longestRecord: 1_024);
        int start = 0, most = 0;
        for (int end = Block; start < content.Length; end = Math.Min(content.Length, end + Block))
        {
            start += scanner.Scan(content.AsSpan(start..end), isLast: end == content.Length);
            most = Math.Max(most, end - start);
        }

        most.ShouldBeLessThan(ElementChain.Longest + (2 * Block));
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBeOneOf("", One + "\n");
    }
}
