using FsCheck;
using FsCheck.Fluent;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Tests.Trail;

public sealed class RepetitionTests
{
    [Fact]
    public async Task An_event_that_is_delivered_twice_comes_out_once()
    {
        using var reader = new CloudTrailReader();
        List<CloudTrailRecord> first = await ReadAsync(reader, """{"eventID":"a"}""", """{"eventID":"b"}""", """{"eventID":"a","x":1}""");
        List<CloudTrailRecord> second = await ReadAsync(reader, """{"eventID":"b"}""", """{"eventID":"c"}""");

        first.Select(record => record.EventId).ShouldBe(["a", "b"]);
        second.Select(record => record.EventId).ShouldBe(["c"]);
        reader.Statistics.Duplicates.ShouldBe(2);
        reader.Statistics.Records.ShouldBe(3);
        reader.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_without_an_id_are_all_kept()
    {
        using var reader = new CloudTrailReader();

        (await ReadAsync(reader, """{"eventName":"x"}""", """{"eventName":"x"}""", """{"eventID":null}""", """{"eventID":""}""", """{"eventID":""}""")).Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_repetition_is_noticed_within_half_of_the_remembered_events_and_memory_ends_there()
    {
        using var reader = new CloudTrailReader(new CloudTrailReaderOptions { RememberedEvents = 8 });

        List<CloudTrailRecord> records = await ReadAsync(
            reader, [.. Enumerable.Range(0, 100).SelectMany(i => new[] { $$"""{"eventID":"{{i}}"}""", $$"""{"eventID":"{{Math.Max(0, i - 3)}}"}""" }), """{"eventID":"0"}"""]);

        records.Count.ShouldBe(101);
    }

    [Fact]
    public void Ids_are_told_apart_as_texts_are() =>
        Prop.ForAll(
            Arb.From(Gen.ListOf(Gen.OneOf(
                Gen.Choose(0, 40).Select(i => $"{i:x8}-0000-4000-8000-000000000000"),
                Gen.Choose(0, 40).Select(i => $"{i:x8}-0000-4000-8000-00000000000"),
                Gen.Choose(0, 40).Select(i => new string('x', i))))),
            ids =>
            {
                var seen = new HashSet<string>(StringComparer.Ordinal);
                var table = new EventIds(1_000_000);
                foreach ((string id, int place) in ids.Select((id, place) => (id, place)))
                {
                    byte[] bytes = System.Text.Encoding.UTF8.GetBytes(id);
                    table.Find(bytes).ShouldBe(seen.Contains(id) ? ids.IndexOf(id) : -1);
                    table.Add(bytes, place).ShouldBe(seen.Add(id));
                }
            }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 1).WithMaxTest(200));

    [Fact]
    public void Many_thousand_ids_are_found_again()
    {
        var table = new EventIds(1_000_000);
        var random = new Random(7);
        byte[][] ids = [.. Enumerable.Range(0, 50_000).Select(_ => System.Text.Encoding.UTF8.GetBytes(new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256))]).ToString()))];

        ids.ShouldAllBe(id => table.Add(id, 3));
        ids.ShouldAllBe(id => !table.Add(id, 4) && table.Find(id) == 3);
    }

    private static Task<List<CloudTrailRecord>> ReadAsync(CloudTrailReader reader, params string[] records) => Records.ToListAsync(
        reader.ReadStreamAsync(new MemoryStream(Records.Gzip(Records.File(records))), "a.json.gz", TestContext.Current.CancellationToken));
}
