using System.IO.Compression;
using System.Text;

namespace IotOps.Fleet.Tests.Trail;

public sealed class BoundedMemoryTests
{
    private const long Most = 24 << 20;

    [Fact]
    public async Task A_record_of_one_gigabyte_is_passed_over_and_told()
    {
        (List<string?> ids, CloudTrailReader reader, long allocated) = await ReadAsync(
            () => new RepeatedStream("""{"Records":[{"eventID":"a"},{"eventID":"big","x":" """, 1L << 30, "\"},{\"eventID\":\"b\"}]}"), "a.json");

        ids.ShouldBe(["a", "b"]);
        CloudTrailProblem problem = reader.Problems.ShouldHaveSingleItem();
        problem.Kind.ShouldBe(CloudTrailProblemKind.RecordTooLong);
        problem.Offset.ShouldBe(28);
        allocated.ShouldBeLessThan(Most);
    }

    [Fact]
    public async Task A_bomb_of_200_megabytes_is_passed_over_and_told()
    {
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Optimal, leaveOpen: true))
        {
            new RepeatedStream("""{"Records":[{"eventID":"a"},{"eventID":"big","x":" """, 200L << 20, "\"},{\"eventID\":\"b\"}]}").CopyTo(gzip);
        }

        byte[] file = bomb.ToArray();

        (List<string?> ids, CloudTrailReader reader, long allocated) = await ReadAsync(() => new MemoryStream(file), "a.json.gz");

        ids.ShouldBe(["a", "b"]);
        reader.Problems.ShouldHaveSingleItem().Kind.ShouldBe(CloudTrailProblemKind.RecordTooLong);
        allocated.ShouldBeLessThan(64 << 20);
    }

    [Fact]
    public async Task A_member_name_that_does_not_end_is_told()
    {
        (List<string?> ids, CloudTrailReader reader, long allocated) = await ReadAsync(() => new RepeatedStream("{\"", 1L << 28, ""), "a.json");

        ids.ShouldBeEmpty();
        reader.Problems.ShouldHaveSingleItem().Kind.ShouldBe(CloudTrailProblemKind.NotJson);
        allocated.ShouldBeLessThan(Most);
    }

    [Fact]
    public async Task Nesting_without_end_is_passed_over_and_told()
    {
        string deep = new('[', 1_000_000);

        (List<string?> ids, CloudTrailReader reader, _) = await ReadAsync(
            () => new MemoryStream(Encoding.UTF8.GetBytes($"{{\"Records\":[{{\"eventID\":\"a\",\"x\":{deep}{deep.Replace('[', ']')}}},{{\"eventID\":\"b\"}}]}}")), "a.json");

        ids.ShouldBe(["b"]);
        reader.Problems.ShouldHaveSingleItem().Kind.ShouldBe(CloudTrailProblemKind.BadRecord);
    }

    [Fact]
    public async Task Half_a_million_records_take_little_more_than_their_ids()
    {
        const int Count = 500_000;
        string records = string.Join(',', Enumerable.Range(0, Count).Select(i => $$"""{"eventID":"{{i:x8}}-0000-4000-8000-000000000000","eventName":"DescribeThing"}"""));
        byte[] file = Encoding.UTF8.GetBytes($"{{\"Records\":[{records}]}}");
        using var reader = new CloudTrailReader();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = 0;
        await foreach (CloudTrailRecord record in reader.ReadStreamAsync(new MemoryStream(file), "a.json", TestContext.Current.CancellationToken))
        {
            count += record.EventName == "DescribeThing" ? 1 : 0;
        }

        // A view of the record, which goes with it, and 20 bytes of an id in tables that double.
        count.ShouldBe(Count);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / Count).ShouldBeLessThan(256);
    }

    private static async Task<(List<string?> Ids, CloudTrailReader Reader, long Allocated)> ReadAsync(Func<Stream> open, string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new CloudTrailReader();
        List<string?> ids = [];
        await foreach (CloudTrailRecord record in reader.ReadStreamAsync(open(), name, TestContext.Current.CancellationToken))
        {
            ids.Add(record.EventId);
        }

        return (ids, reader, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
