using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Archive.Exporting;
using IotOps.Emulator;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>Whoever misses archived objects is told how to get at them, when, and for how much.</summary>
public sealed class RestoreHintTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Fact]
    public async Task The_command_the_time_and_the_cost_are_told()
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", "here\n");
        await PutAsync("b'c", S3StorageClass.Glacier);
        await PutAsync("d", S3StorageClass.Glacier);
        await PutAsync("e", S3StorageClass.DeepArchive);
        using FaultHandle archived = _logs.Emulator.Faults.Add(new Fault
        {
            Operation = "GetObject",
            When = r => r.Key!.StartsWith("commands/", StringComparison.Ordinal) && !r.Key.EndsWith("/a", StringComparison.Ordinal),
            Status = 403,
            Code = "InvalidObjectState",
        });

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"), o => o with { LostObjects = LostObjectPolicy.Skip });

        result.RestoreHint.ShouldBe(
            @"2 objects are in GLACIER (0 GiB): aws s3api restore-object --bucket 'dev-iot-logs' --key 'commands/THING00001/2023/10/01/b'\''c' --restore-request 'Days=1,GlacierJobParameters={Tier=Bulk}', "
            + "and so for the other keys in manifest.json (in 5 to 12 hours, free of charge; Tier=Standard: in 3 to 5 hours, about $0.01). Then export again. "
            + "1 object is in DEEP_ARCHIVE (0 GiB): aws s3api restore-object --bucket 'dev-iot-logs' --key 'commands/THING00001/2023/10/01/e' --restore-request 'Days=1,GlacierJobParameters={Tier=Bulk}' "
            + "(within 48 hours, about $0.01; Tier=Standard: within 12 hours, about $0.01). Then export again.");
        result.LeftOut.ShouldBe("3 objects were left out (in an archive storage class).");
        (await LogBucket.ReadAsync(result))["manifest.json"].ShouldContain("restore-object");
    }

    [Fact]
    public async Task Nothing_is_told_where_nothing_is_archived()
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", "here\n");

        (await _logs.ExportAsync(LogBucket.Request("command"))).RestoreHint.ShouldBeNull();
    }

    [Theory]
    [InlineData("GLACIER", 15_000_000, 100L << 40, "about $1774.00")]
    [InlineData("DEEP_ARCHIVE", 1_000, 100L << 30, "about $0.28; ")]
    [InlineData("DEEP_ARCHIVE", 1_000, 100L << 30, "about $2.10")]
    [InlineData("INTELLIGENT_TIERING", 2, 5L << 30, "--restore-request 'GlacierJobParameters={Tier=Standard}'")]
    public void The_cost_is_that_of_the_price_list(string storageClass, int objects, long bytes, string told)
    {
        var counts = new EntryCounts();
        counts.NoteArchived(new PlannedObject("k", 0, "", storageClass));
        var archived = new ArchivedCounts(objects, bytes, "k");
        counts = storageClass switch
        {
            "GLACIER" => counts with { Glacier = archived },
            "DEEP_ARCHIVE" => counts with { DeepArchive = archived },
            _ => counts with { ArchiveTier = archived },
        };

        RestoreWords.Of("b", [counts])!.ShouldContain(told);
    }

    private Task<PutObjectResponse> PutAsync(string name, S3StorageClass storage) => _logs.S3.PutObjectAsync(new PutObjectRequest
    {
        BucketName = LogBucket.Name,
        Key = "commands/THING00001/2023/10/01/" + name,
        ContentBody = "archived",
        StorageClass = storage,
    });
}
