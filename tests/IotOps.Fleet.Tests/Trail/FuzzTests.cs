using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Fleet.Tests.Trail;

public sealed class FuzzTests
{
    [Fact]
    public void Damaged_JSON_never_throws_and_gives_only_records_that_are_JSON() => CheckAll(1_500, gzip: false, seed: 11);

    [Fact]
    public void Damaged_gzip_never_throws_and_gives_only_records_that_are_JSON() => CheckAll(1_500, gzip: true, seed: 13);

    private static void CheckAll(int count, bool gzip, ulong seed) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), value => CheckAsync(new Random(value), gzip).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithReplay(20260101, seed).WithMaxTest(count));

    private static async Task CheckAsync(Random random, bool gzip)
    {
        byte[] plain = Encoding.UTF8.GetBytes(Records.File(Enumerable.Range(0, random.Next(6)).Select(_ => JsonMaker.Record(random))));
        byte[] file = JsonMaker.Damage(gzip ? Records.Gzip(plain) : plain, random);

        (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(
            file, gzip ? "a.json.gz" : "a.json", new CloudTrailReaderOptions { MaxRecordBytes = 1_024 }, random.Next(2) == 0 ? null : stream => new OneByteStream(stream));

        foreach (CloudTrailRecord record in records)
        {
            JsonElement.Parse(record.Json.Span).ValueKind.ShouldBe(JsonValueKind.Object);
            AskAll(record);
        }

        // What .NET, which is lenient, finds damaged is not passed over in silence.
        if (gzip && !IsGzip(file))
        {
            reader.Problems.ShouldNotBeEmpty();
        }
    }

    // Every member that a consumer may ask for, whatever type it has in the record.
    private static void AskAll(CloudTrailRecord record)
    {
        _ = (record.EventId, record.EventTime, record.Kind, record.EventCategory, record.IsFromConsole, record.Actor, record.Identity, record.Resources, record.Addendum, record.Insight);
        _ = (record.SignIn, record.IsWrite, record.ManagementEvent, record.Error, GreengrassActivity.Of(record), IotActivity.Of(record));
        _ = new TrailQuery { Who = "*", What = "a:*", On = "x" }.Matches(record);
        using JsonDocument json = JsonDocument.Parse(record.Json);
        _ = EventSelectors.AllGreengrassData().Matches(json.RootElement);
        _ = new TrailQuery { On = "\u0001" }.Matches(record);
    }

    private static bool IsGzip(byte[] file)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
            gzip.CopyTo(Stream.Null);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
