using System.Text;

namespace IotOps.Fleet.Tests.Trail;

public sealed class DamagedFileTests
{
    private static readonly string Plain = Records.File(Enumerable.Range(0, 40).Select(i => $$$"""{"eventID":"{{{i}}}","requestParameters":{"n":{{{i}}}.5e1,"t":"\u00e9\"{{{new string('x', i)}}}"}}"""));

    [Theory]
    [InlineData("\\ud8da", null)]
    [InlineData("t\\u0072ue", true)]
    [InlineData("false", false)]
    public void Half_a_surrogate_pair_where_a_truth_value_belongs_is_none(string text, bool? expected) =>
        CloudTrailRecord.Parse(Encoding.UTF8.GetBytes("""{"eventVersion":"1.08","userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"TEXT"}}}}""".Replace("TEXT", text, StringComparison.Ordinal)))
            .Identity!.WithMfa.ShouldBe(expected);

    [Fact]
    public async Task Wherever_a_gzip_is_cut_off_the_records_before_are_kept_and_one_problem_says_so()
    {
        byte[] whole = Records.Gzip(Plain);
        int most = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(whole[..length]);

            ShouldBeFirst(records);
            reader.Problems.ShouldHaveSingleItem().Kind.ShouldBe(length == 0 ? CloudTrailProblemKind.NotGzip : CloudTrailProblemKind.GzipDamaged, $"cut after {length}");
            most = Math.Max(most, records.Count);
        }

        most.ShouldBe(40);
    }

    [Fact]
    public async Task Wherever_plain_JSON_is_cut_off_the_records_before_are_kept_and_one_problem_says_so()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Plain);
        for (int length = 1; length < whole.Length; length++)
        {
            (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(whole[..length], "a.json");

            ShouldBeFirst(records);
            reader.Problems.ShouldHaveSingleItem().Kind.ShouldBe(CloudTrailProblemKind.CutShort, $"cut after {length}");
        }
    }

    [Theory]
    [InlineData("GARBAGE", CloudTrailProblemKind.GzipTrailingData)]
    [InlineData("\0", CloudTrailProblemKind.GzipTrailingData)]
    [InlineData("\u001F", CloudTrailProblemKind.GzipTrailingData)]
    public async Task Bytes_behind_the_gzip_are_told(string behind, CloudTrailProblemKind kind)
    {
        (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync([.. Records.Gzip(Plain), .. Encoding.UTF8.GetBytes(behind)]);

        records.Count.ShouldBe(40);
        reader.Problems.ShouldHaveSingleItem().Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task A_second_gzip_member_is_told_and_its_records_are_not_believed()
    {
        byte[] file = [.. Records.Gzip(Plain), .. Records.Gzip(Records.File("""{"eventID":"forged"}"""))];

        foreach (Func<Stream, Stream>? wrap in new Func<Stream, Stream>?[] { null, stream => new OneByteStream(stream) })
        {
            (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(file, wrap: wrap);

            records.Count.ShouldBe(40);
            reader.Problems.ShouldHaveSingleItem().Kind.ShouldBe(CloudTrailProblemKind.GzipExtraMember);
        }
    }

    [Fact]
    public async Task A_wrong_checksum_is_told()
    {
        byte[] file = Records.Gzip(Plain);
        file[^6] ^= 1;

        (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(file);

        records.Count.ShouldBe(40);
        reader.Problems.ShouldHaveSingleItem().Message.ShouldContain("CRC-32");
    }

    [Theory]
    [InlineData("a.json.gz", 40, CloudTrailProblemKind.NotGzip)]
    [InlineData("a.json", 40, null)]
    public async Task Plain_JSON_is_read_and_told_where_the_name_promised_gzip(string name, int count, CloudTrailProblemKind? kind)
    {
        (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(Encoding.UTF8.GetBytes(Plain), name);

        records.Count.ShouldBe(count);
        reader.Problems.Select(problem => (CloudTrailProblemKind?)problem.Kind).SingleOrDefault().ShouldBe(kind);
    }

    [Theory]
    [InlineData("""{"Records":[{"eventID":"a"},{"eventID":"b",}, {"eventID":"c"}]}""", "a c", "BadRecord@43")]
    [InlineData("""{"Records":[{"eventID":"a"},{"eventID":"b" "x":1},{"eventID":"c"}]}""", "a c", "BadRecord@43")]
    [InlineData("""{"Records":[{"eventID":"a"},{"eventID":"\x"},{"eventID":"c"}]}""", "a c", "BadRecord@40")]
    [InlineData("""{"Records":[{"eventID":"a","n":01},{"eventID":"c"}]}""", "c", "BadRecord@32")]
    [InlineData("""{"Records":[{"eventID":"a","n":tru},{"eventID":"c"}]}""", "c", "BadRecord@34")]
    [InlineData("""{"Records":[{"eventID":"a"} {"eventID":"c"}]}""", "a", "NotJson@28")]
    [InlineData("""{"Records":[{"eventID":"a"},]}""", "a", "NotJson@28")]
    [InlineData("""[{"eventID":"a"}]""", "", "NotJson@0")]
    [InlineData("""{"records":[{"eventID":"a"}]}""", "", "NoRecords@")]
    [InlineData("""{"\u0052ecords":[{"eventID":"a"}]}""", "a", "")]
    [InlineData("""{"Records":[{"eventID":"a"}]}x""", "a", "TrailingData@29")]
    [InlineData("""{"Records":{"a":[1,{"eventID":"n"}]},"Records":[{"eventID":"a"}]}""", "a", "NoRecords@11 RecordsTwice@47")]
    [InlineData("""{"x":[{"}":"]"},"\"{"],"y":-1.5,"Records":[{"eventID":"a"}],"z":"\\"}""", "a", "")]
    [InlineData("""{"Records":[1,"x,]",null,true,[{"eventID":"n"}],{"eventID":"a"}]}""", "a", "NotObjects@")]
    public async Task What_is_readable_is_kept_and_the_rest_told_with_its_place(string json, string ids, string problems)
    {
        foreach (Func<Stream, Stream>? wrap in new Func<Stream, Stream>?[] { null, stream => new OneByteStream(stream) })
        {
            (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(Records.Gzip(json), wrap: wrap);

            string.Join(' ', records.Select(record => record.EventId)).ShouldBe(ids);
            string.Join(' ', reader.Problems.Select(problem => $"{problem.Kind}@{problem.Offset}")).ShouldBe(problems);
        }
    }

    [Fact]
    public async Task Another_major_version_is_left_out_by_name_and_newer_minor_ones_are_read()
    {
        (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(Records.Gzip(Records.File(
            """{"eventID":"a","eventVersion":"1.99"}""", """{"eventID":"b","eventVersion":"2.0"}""", """{"eventID":"c","eventVersion":"10.1"}""", """{"eventID":"d","eventVersion":1.08}""")));

        records.Select(record => record.EventId).ShouldBe(["a", "d"]);
        reader.Problems.Select(problem => problem.Message).ShouldBe(
        [
            "record b has eventVersion 2.0; only major version 1 is known, so it was left out",
            "record c has eventVersion 10.1; only major version 1 is known, so it was left out",
        ]);
    }

    [Fact]
    public async Task Problems_beyond_those_kept_are_counted()
    {
        (CloudTrailReader reader, _) = await Records.ReadAsync(
            Records.Gzip(Records.File(Enumerable.Repeat("""{"eventVersion":"7.0"}""", 50))), options: new CloudTrailReaderOptions { KeptProblems = 3 });

        reader.Problems.Count.ShouldBe(3);
        reader.Statistics.Problems.ShouldBe(50);
    }

    private static void ShouldBeFirst(List<CloudTrailRecord> records)
    {
        for (int i = 0; i < records.Count; i++)
        {
            records[i].EventId.ShouldBe($"{i}");
        }
    }
}
