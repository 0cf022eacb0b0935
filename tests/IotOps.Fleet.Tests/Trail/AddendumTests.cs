using System.Text;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Trail;

public sealed class AddendumTests : IDisposable
{
    private const string Original = """{"eventVersion":"1.09","eventID":"o1","eventName":"CreatePolicy","responseElements":null,"requestID":"r1","new":{"kept":[1]}}""";

    private const string Addendum = """
        {"eventVersion":"1.09","eventID":"a1","eventName":"CreatePolicy","responseElements":{"policyName":"p"},"requestID":"r2",
         "addendum":{"reason":"UPDATED_DATA","updatedFields":"responseElements","originalRequestID":"r1","originalEventID":"o1"}}
        """;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_event_that_is_read_after_its_addendum_comes_out_once_and_complete()
    {
        (CloudTrailReader reader, List<CloudTrailRecord> records) = await ReadAsync([Addendum], [Original]);

        ShouldBeMerged(records.ShouldHaveSingleItem(), isRevision: false);
        reader.Statistics.Records.ShouldBe(1);
        reader.Statistics.Completed.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_that_was_read_before_its_addendum_comes_out_again_complete_and_is_not_counted_twice()
    {
        (CloudTrailReader reader, List<CloudTrailRecord> records) =
            await ReadAsync(["""{"eventID":"x"}""", Original, """{"eventID":"y"}"""], ["""{"eventID":"z"}"""], [Addendum]);

        records.Select(record => record.EventId).ShouldBe(["x", "o1", "y", "z", "o1"]);
        records.Select(record => record.IsRevision).ShouldBe([false, false, false, false, true]);
        ShouldBeMerged(records[^1], isRevision: true);
        reader.Statistics.Records.ShouldBe(4);
        reader.Statistics.Sources.ShouldBe(3);
        reader.Statistics.Duplicates.ShouldBe(0);
    }

    [Fact]
    public async Task Several_addenda_complete_one_event_in_their_order()
    {
        string second = Addendum.Replace("\"a1\"", "\"a2\"", StringComparison.Ordinal).Replace("{\"policyName\":\"p\"}", "{\"policyName\":\"q\"}", StringComparison.Ordinal);

        (_, List<CloudTrailRecord> records) = await ReadAsync([Addendum, second, Original]);

        Records.Text(records.ShouldHaveSingleItem().ResponseElements).ShouldBe("""{"policyName":"q"}""");
    }

    [Fact]
    public async Task An_addendum_without_its_event_comes_out_as_it_is()
    {
        (CloudTrailReader reader, List<CloudTrailRecord> records) = await ReadAsync([Addendum]);

        CloudTrailRecord record = records.ShouldHaveSingleItem();
        record.EventId.ShouldBe("a1");
        record.Addendum!.Completes.ShouldBeTrue();
        record.IsRevision.ShouldBeFalse();
        reader.Statistics.Completed.ShouldBe(0);
        reader.Statistics.Records.ShouldBe(1);
    }

    [Fact]
    public async Task In_a_stream_that_cannot_be_read_again_the_addendum_comes_out_as_it_is()
    {
        (_, List<CloudTrailRecord> records) = await Records.ReadAsync(Records.Gzip(Records.File(Original, Addendum)));

        records.Select(record => record.EventId).ShouldBe(["o1", "a1"]);
    }

    [Fact]
    public async Task An_event_that_was_only_late_is_an_event_like_any_other()
    {
        (_, List<CloudTrailRecord> records) = await ReadAsync(["""{"eventID":"l1","addendum":{"reason":"DELIVERY_DELAY"}}"""]);

        records.ShouldHaveSingleItem().Addendum.ShouldBe(new CloudTrailAddendum("DELIVERY_DELAY", null, []));
    }

    [Fact]
    public async Task No_more_addenda_wait_than_allowed()
    {
        var options = new CloudTrailReaderOptions { WaitingAddenda = 1 };
        string other = Addendum.Replace("\"a1\"", "\"a2\"", StringComparison.Ordinal).Replace("\"o1\"", "\"o2\"", StringComparison.Ordinal);

        (_, List<CloudTrailRecord> records) = await ReadAsync(options, [Addendum, other, Original]);

        records.Select(record => record.EventId).ShouldBe(["a2", "o1"]);
    }

    private static void ShouldBeMerged(CloudTrailRecord record, bool isRevision)
    {
        record.IsRevision.ShouldBe(isRevision);
        record.EventId.ShouldBe("o1");
        record.RequestId.ShouldBe("r1");
        record.Addendum!.OriginalEventId.ShouldBe("o1");
        Records.Text(record.ResponseElements).ShouldBe("""{"policyName":"p"}""");
        Records.Text(record.Json).ShouldContain("\"new\":{\"kept\":[1]}");
    }

    private Task<(CloudTrailReader Reader, List<CloudTrailRecord> Records)> ReadAsync(params string[][] files) => ReadAsync(null, files);

    private async Task<(CloudTrailReader Reader, List<CloudTrailRecord> Records)> ReadAsync(CloudTrailReaderOptions? options, params string[][] files)
    {
        for (int i = 0; i < files.Length; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(_directory.Path, $"{i}.json.gz"), Records.Gzip(Encoding.UTF8.GetBytes(Records.File(files[i]))), TestContext.Current.CancellationToken);
        }

        var reader = new CloudTrailReader(options);
        return (reader, await Records.ToListAsync(reader.ReadFilesAsync([_directory.Path], TestContext.Current.CancellationToken)));
    }
}
