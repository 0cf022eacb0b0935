using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Tests.Trail;

public sealed class FileVectorTests
{
    private const string File = "cloudtrail/files.jsonl";

    public static TheoryData<string> Ids => Vectors.Ids(File);

    [Theory]
    [MemberData(nameof(Ids))]
    public Task Each_file_gives_its_readable_records_and_the_complaint(string id) => CheckAsync(id, stream => stream);

    [Theory]
    [MemberData(nameof(Ids))]
    public Task Each_file_reads_the_same_when_it_comes_byte_by_byte(string id) => CheckAsync(id, stream => new OneByteStream(stream));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Each_file_reads_the_same_without_gzip(string id)
    {
        JsonElement one = Vectors.Case(File, id);
        (CloudTrailReader reader, List<CloudTrailRecord> records) =
            await Records.ReadAsync(Encoding.UTF8.GetBytes(one.GetProperty("json").GetString()!), "a.json", wrap: stream => new OneByteStream(stream));

        Check(one, reader, records);
    }

    private static async Task CheckAsync(string id, Func<Stream, Stream> wrap)
    {
        JsonElement one = Vectors.Case(File, id);
        (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(Records.Gzip(one.GetProperty("json").GetString()!), wrap: wrap);
        Check(one, reader, records);
    }

    private static void Check(JsonElement one, CloudTrailReader reader, List<CloudTrailRecord> records)
    {
        records.Count.ShouldBe(one.GetProperty("records").GetInt32());
        if (one.GetProperty("complaint").GetString() is { } complaint)
        {
            reader.Problems.ShouldHaveSingleItem().Message.ShouldContain(complaint);
        }
        else
        {
            reader.Problems.ShouldBeEmpty();
        }
    }
}
