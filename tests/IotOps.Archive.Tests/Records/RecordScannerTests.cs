using IotOps.Archive.Records;

namespace IotOps.Archive.Tests.Records;

public sealed class RecordScannerTests
{
    private const string Mine = """{"thingName":"THING00001","v":1}""";
    private const string Other = """{"thingName":"THING00002","v":2}""";

    [Theory]
    [InlineData(Mine + "\n" + Other + "\n" + Mine + "\n")]
    [InlineData(Mine + Other + Mine)]
    [InlineData(Mine + "\r\n" + Other + "\r\n" + Mine)]
    [InlineData("\n\n " + Mine + " \t" + Other + "\n\n" + Mine + "\n\n")]
    [InlineData(Other + Other + Mine + "\n" + Mine + Other)]
    public void Records_are_kept_by_device_however_they_are_delimited(string content)
    {
        foreach (int block in new[] { 1, 2, 7, 33, 34, 1000 })
        {
            Scan.Text(Scan.Filter(), content, block).ShouldBe(Mine + "\n" + Mine + "\n", $"in blocks of {block}");
        }
    }

    [Fact]
    public void A_record_over_several_lines_stays_one_record()
    {
        string record = "{\n  \"thingName\": \"THING00001\",\n  \"nested\": {\n    \"a\": [1, 2]\n  }\n}";

        (string kept, RecordCounts counts) = Scan.Run(Scan.Filter(), record + "\n" + Other + "\n" + record);

        kept.ShouldBe(record + "\n" + record + "\n");
        (counts.Written, counts.Unwanted, counts.Unreadable).ShouldBe((2, 1, 0));
    }

    [Fact]
    public void What_is_no_json_is_counted_and_does_not_take_its_neighbours_with_it()
    {
        (string kept, RecordCounts counts) = Scan.Run(Scan.Filter(), $"plain text\n{Mine}\n{{\"thingName\":\"THING00001\",\n{Mine}\n{{broken}}\n[1,2]\n{Mine}\n{{\"thingName\":");

        kept.ShouldBe(Mine + "\n" + Mine + "\n" + Mine + "\n");
        counts.Written.ShouldBe(3);
        (counts.Unreadable, counts.Unwanted).ShouldBe((4, 1), "a line in which the identifier stands nowhere is not looked at any closer");
    }

    [Fact]
    public void A_record_without_the_property_is_unreadable_not_another_s()
    {
        RecordCounts counts = Scan.Run(Scan.Filter(), """{"name":"THING00001"}""").Counts;
        (counts.Written, counts.Unwanted, counts.Unreadable).ShouldBe((0, 0, 1));
    }

    [Theory]
    [InlineData("""{"a":{"thingName":"THING00001"}}""", false)]
    [InlineData("""{"a":"thingName","b":"THING00001"}""", false)]
    [InlineData("""{"thingName":"THING000010"}""", false)]
    [InlineData("""{"thingName":"thing00001"}""", false)]
    [InlineData("""{"thingName":["THING00001"]}""", false)]
    [InlineData("""{"x":{"thingName":"THING00002"},"thingName":"THING00001"}""", true)]
    [InlineData("""{"thingName":"\u0054HING00001"}""", true)]
    [InlineData("""{"thing\u004eame":"THING00001"}""", true)]
    [InlineData("""{"text":"}{","thingName":"THING00001"}""", true)]
    [InlineData("""{"text":"\"","thingName":"THING00001"}""", true)]
    public void Only_the_property_itself_decides(string record, bool isMine) =>
        Scan.Text(Scan.Filter(), record + "\n").ShouldBe(isMine ? record + "\n" : "");

    [Theory]
    [InlineData("""{"device":{"id":{"name":"THING00001"}}}""", true)]
    [InlineData("""{"device":{"id":{"name":"THING00002"}}}""", false)]
    [InlineData("""{"device":{"name":"THING00001","id":{}}}""", false)]
    [InlineData("""{"device":{"other":[{"name":"THING00001"}],"id":{"x":1,"name":"THING00001"}}}""", true)]
    public void A_dotted_path_leads_into_nested_objects(string record, bool isMine) =>
        Scan.Text(Scan.Filter("device.id.name"), record + "\n").ShouldBe(isMine ? record + "\n" : "");

    [Fact]
    public void Device_and_time_may_share_a_part_of_their_paths()
    {
        RecordFilter filter = Scan.Filter("meta.thing", "meta.at.ms");
        string mine = """{"meta":{"at":{"ms":1696118400000},"thing":"THING00001"}}""";
        string late = """{"meta":{"thing":"THING00001","at":{"ms":1696204800000}}}""";

        Scan.Text(filter, mine + late + mine).ShouldBe(mine + "\n" + mine + "\n");
    }

    [Fact]
    public void A_number_can_be_an_identifier() =>
        Scan.Text(Scan.Filter(identifier: "4711"), """{"thingName":4711}{"thingName":47110}{"thingName":"4711"}""")
            .ShouldBe("{\"thingName\":4711}\n{\"thingName\":\"4711\"}\n");

    [Theory]
    [InlineData("1696118400000", true)]
    [InlineData("1696118399999", false)]
    [InlineData("1696204799999", true)]
    [InlineData("1696204800000", false)]
    [InlineData("1696118400", true)]
    [InlineData("1696118399", false)]
    [InlineData("1696118400.5", true)]
    [InlineData("1.6961184e9", true)]
    [InlineData("1696204799999.9", true)]
    [InlineData("\"1696118400000\"", true)]
    [InlineData("\"2023-10-01T00:00:00Z\"", true)]
    [InlineData("\"2023-09-30T23:59:59.999Z\"", false)]
    [InlineData("\"2023-10-01T23:59:59.999999Z\"", true)]
    [InlineData("\"2023-10-02T00:00:00Z\"", false)]
    [InlineData("\"2023-10-02T01:30:00+02:00\"", true)]
    [InlineData("\"2023-10-01T01:30:00+02:00\"", false)]
    [InlineData("\"2023-10-01T12:00:00\"", true)]
    [InlineData("\"2023-10-01 12:00:00.123\"", true)]
    [InlineData("\"2023-10-01\"", true)]
    public void A_time_is_told_in_milliseconds_seconds_or_iso_8601(string time, bool isInTime)
    {
        string record = $"{{\"timestamp\":{time}}}\n";
        (string kept, RecordCounts counts) = Scan.Run(Scan.Filter(null, "timestamp"), record);

        kept.ShouldBe(isInTime ? record : "");
        counts.Unreadable.ShouldBe(0);
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("1e300")]
    [InlineData("\"\"")]
    public void What_is_no_time_makes_the_record_unreadable(string time) =>
        Scan.Run(Scan.Filter(null, "timestamp"), $"{{\"timestamp\":{time}}}\n").Counts.Unreadable.ShouldBe(1);

    [Fact]
    public void Without_a_filter_records_get_a_line_each_and_everything_else_stays() =>
        Scan.Text(null, "{\"a\":1}{\"b\":2}\n  plain {text}\r\n\n\t{\"c\":3} {\"d\":NaN}{\"e\":x}{\"f\":1}")
            .ShouldBe("{\"a\":1}\n{\"b\":2}\n  plain {text}\r\n\n\t{\"c\":3} {\"d\":NaN}{\"e\":x}\n{\"f\":1}");

    [Fact]
    public void A_record_longer_than_is_read_is_left_out_and_what_follows_is_not()
    {
        string giant = $"{{\"thingName\":\"THING00001\",\"x\":\"{new string('x', 5000)}\"}}";

        (string kept, RecordCounts counts) = Scan.Run(Scan.Filter(), giant + "\n" + Mine + "\n", block: 512, longest: 1024);

        kept.ShouldBe(Mine + "\n");
        counts.Unreadable.ShouldBe(1);
    }
}
