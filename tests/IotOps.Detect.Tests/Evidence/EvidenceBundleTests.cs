using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using IotOps.TestKit;

namespace IotOps.Detect.Tests.Evidence;

public sealed class EvidenceBundleTests
{
    private static readonly string[] Names = ["logs/iot.log", "trail/trail.json.gz", "lifecycle/events.jsonl"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bundle_has_its_files_in_order_and_a_manifest_of_their_hashes()
    {
        (byte[] zip, EvidenceSeal seal) = await BundleAsync();

        EvidenceVerdict verdict = await VerifyAsync(zip, seal);

        verdict.Problems.ShouldBeEmpty();
        verdict.Seal.ShouldBe(seal);
        verdict.Manifest!.Incident.ShouldBe("incident-7");
        verdict.Manifest.Files.Select(file => file.Name).ShouldBe(Names);
        verdict.Manifest.Files[0].ShouldBe(new EvidenceFile("logs/iot.log", EvidenceKind.Logs, Content(0).Length, Convert.ToHexStringLower(SHA256.HashData(Content(0)))));
        seal.BundleSha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(zip)));

        // sha256sum -c reads it.
        using var archive = new ZipArchive(new MemoryStream(zip));
        archive.Entries.Select(entry => entry.FullName).ShouldBe([.. Names, "manifest.json", "manifest.json.sha256"]);
        (await TextAsync(archive.GetEntry("manifest.json.sha256")!)).ShouldBe($"{seal.ManifestSha256}  manifest.json\n");
    }

    [Fact]
    public async Task Every_byte_that_is_changed_is_found_by_the_seal_and_in_files_without_it()
    {
        (byte[] zip, EvidenceSeal seal) = await BundleAsync();
        int data = DataStart(zip), length = BitConverter.ToInt32(zip, 18), silent = 0, named = 0;
        for (int at = 0; at < zip.Length; at++)
        {
            byte[] changed = [.. zip];
            changed[at] ^= 0x20;

            (await VerifyAsync(changed, seal)).IsIntact.ShouldBeFalse($"byte {at}");
            EvidenceVerdict alone = await VerifyAsync(changed, seal: null);
            silent += alone.IsIntact ? 1 : 0;

            // Deflate's end has bits that mean nothing: the content is what counts.
            if (at >= data && at < data + length && !await IsSameAsync(changed, "logs/iot.log", Content(0)))
            {
                named++;
                alone.Problems.ShouldContain(problem => problem.Kind == EvidenceProblemKind.FileChanged && problem.File == "logs/iot.log", $"byte {at}");
            }
        }

        named.ShouldBeGreaterThan(length / 2);

        // Times and attributes of the zip's own headers are no file's content: the seal alone sees them.
        silent.ShouldBeLessThan(zip.Length / 2);
    }

    [Fact]
    public async Task A_file_that_was_changed_removed_added_or_moved_is_named()
    {
        (byte[] zip, _) = await BundleAsync();
        (await VerifyAsync(await RebuiltAsync(zip, entries => entries), seal: null)).Problems.ShouldBeEmpty("the tests' own way of making a zip again changes nothing");

        await NamedAsync(zip, EvidenceProblemKind.FileChanged, "trail/trail.json.gz", entries => [.. entries.Select(entry => entry.Name == "trail/trail.json.gz" ? (entry.Name, [.. entry.Content, 1]) : entry)]);
        await NamedAsync(zip, EvidenceProblemKind.FileMissing, "logs/iot.log", entries => [.. entries.Where(entry => entry.Name != "logs/iot.log")]);
        await NamedAsync(zip, EvidenceProblemKind.FileAdded, "logs/other.log", entries => [("logs/other.log", [1]), .. entries]);
        await NamedAsync(zip, EvidenceProblemKind.FileAdded, "logs/iot.log", entries => [entries[0], .. entries]);
        await NamedAsync(zip, EvidenceProblemKind.FileMoved, "trail/trail.json.gz", entries => [entries[1], entries[0], .. entries.Skip(2)]);
        await NamedAsync(zip, EvidenceProblemKind.FileMoved, "manifest.json", entries => [.. entries.Skip(1).Where(entry => entry.Name.StartsWith("manifest", StringComparison.Ordinal)).Concat(entries.Take(3))]);
        await NamedAsync(zip, EvidenceProblemKind.ManifestChanged, "manifest.json", entries => [.. entries.Select(entry => entry.Name == "manifest.json" ? (entry.Name, [.. entry.Content, (byte)'\n']) : entry)]);
        await NamedAsync(zip, EvidenceProblemKind.ManifestChanged, null, entries => [.. entries.Where(entry => entry.Name != "manifest.json")]);
        await NamedAsync(zip, EvidenceProblemKind.ManifestChanged, null, entries => [.. entries.Where(entry => entry.Name != "manifest.json.sha256")]);
    }

    [Fact]
    public async Task A_bundle_that_was_made_again_is_found_by_the_seal_alone()
    {
        (_, EvidenceSeal seal) = await BundleAsync();
        (byte[] forged, _) = await BundleAsync(forged: true);

        (await VerifyAsync(forged, seal: null)).IsIntact.ShouldBeTrue();
        (await VerifyAsync(forged, seal)).Problems.ShouldAllBe(problem => problem.Kind == EvidenceProblemKind.NotTheSealed);
        (await VerifyAsync(forged, new EvidenceSeal(seal.ManifestSha256, "", -1))).Problems.ShouldHaveSingleItem().Message.ShouldContain(seal.ManifestSha256);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(300)]
    public async Task A_bundle_that_was_cut_is_unreadable(int left)
    {
        (byte[] zip, _) = await BundleAsync();

        (await VerifyAsync(zip[..left], seal: null)).Problems.ShouldContain(problem => problem.Kind == EvidenceProblemKind.Unreadable);
    }

    [Fact]
    public async Task Bytes_behind_the_end_are_found()
    {
        (byte[] zip, _) = await BundleAsync();

        (await VerifyAsync([.. zip, 0, 0], seal: null)).Problems.ShouldContain(problem => problem.Kind == EvidenceProblemKind.Unreadable);
    }

    [Fact]
    public async Task Names_that_are_unsafe_or_taken_are_changed()
    {
        using var output = new MemoryStream();
        await using var writer = new EvidenceBundleWriter(output, "i", new ManualTimeProvider());

        (await writer.AddAsync(EvidenceKind.Other, "../../etc/passwd", new MemoryStream([1]), Token)).Name.ShouldBe("other/etc/passwd");
        (await writer.AddAsync(EvidenceKind.Other, "etc/passwd", new MemoryStream([2]), Token)).Name.ShouldBe("other/etc/passwd (2)");
        EvidenceSeal seal = await writer.CompleteAsync(Token);

        (await VerifyAsync(output.ToArray(), seal)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_quarantine_is_in_it_with_its_plan_and_journal()
    {
        var plan = new QuarantinePlan { ViolationId = "v-1", Thing = "pump-1", ThingId = "id", MadeAt = DateTimeOffset.UnixEpoch, HourlyLimit = 1, HoldTime = TimeSpan.FromHours(1) };
        using var output = new MemoryStream();
        await using var writer = new EvidenceBundleWriter(output, "i", new ManualTimeProvider());
        await writer.AddQuarantineAsync(
            [new QuarantineEntry("v-1", 1, DateTimeOffset.UnixEpoch, QuarantineEntryKind.Started) { Plan = plan }, new QuarantineEntry("v-1", 2, DateTimeOffset.UnixEpoch, QuarantineEntryKind.Held)], Token);
        await writer.CompleteAsync(Token);

        using var archive = new ZipArchive(new MemoryStream(output.ToArray()));
        (await TextAsync(archive.GetEntry("plan/plan.txt")!)).ShouldBe(plan.ToText());
        string[] lines = (await TextAsync(archive.GetEntry("journal/journal.jsonl")!)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => QuarantineEntry.Parse(Encoding.UTF8.GetBytes(line)).Kind).ShouldBe([QuarantineEntryKind.Started, QuarantineEntryKind.Held]);
        await Should.ThrowAsync<ArgumentException>(() => writer.AddQuarantineAsync([], Token));
    }

    private static async Task NamedAsync(
        byte[] zip, EvidenceProblemKind kind, string? file, Func<List<(string Name, byte[] Content)>, List<(string Name, byte[] Content)>> change)
    {
        EvidenceVerdict verdict = await VerifyAsync(await RebuiltAsync(zip, change), seal: null);
        verdict.Problems.ShouldContain(problem => problem.Kind == kind && problem.File == file, string.Join('\n', verdict.Problems));
    }

    private static async Task<byte[]> RebuiltAsync(byte[] zip, Func<List<(string Name, byte[] Content)>, List<(string Name, byte[] Content)>> change)
    {
        List<(string Name, byte[] Content)> entries = [];
        using (var archive = new ZipArchive(new MemoryStream(zip)))
        {
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                using var content = new MemoryStream();
                await using Stream stream = await entry.OpenAsync(Token);
                await stream.CopyToAsync(content, Token);
                entries.Add((entry.FullName, content.ToArray()));
            }
        }

        using var output = new MemoryStream();
        using (var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in change(entries))
            {
                await using Stream stream = await archive.CreateEntry(name).OpenAsync(Token);
                await stream.WriteAsync(content, Token);
            }
        }

        return output.ToArray();
    }

    private static async Task<(byte[] Zip, EvidenceSeal Seal)> BundleAsync(bool forged = false)
    {
        using var output = new MemoryStream();
        await using var writer = new EvidenceBundleWriter(output, "incident-7", new ManualTimeProvider());
        await writer.AddAsync(EvidenceKind.Logs, "iot.log", new MemoryStream(forged ? [1] : Content(0)), Token);
        await writer.AddAsync(EvidenceKind.Trail, "trail.json.gz", new MemoryStream(Content(1)), Token);
        await writer.AddAsync(EvidenceKind.Lifecycle, "events.jsonl", new MemoryStream(Content(2)), Token);
        EvidenceSeal seal = await writer.CompleteAsync(Token);
        return (output.ToArray(), seal);
    }

    private static byte[] Content(int number) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 4).Select(i => $"line {number}-{i * 7919}\n")));

    private static async Task<bool> IsSameAsync(byte[] zip, string name, byte[] content)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip));
            await using Stream stream = await archive.GetEntry(name)!.OpenAsync(Token);
            using var read = new MemoryStream();
            await stream.CopyToAsync(read, Token);
            return read.ToArray().AsSpan().SequenceEqual(content);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    // Behind the first local header.
    private static int DataStart(byte[] zip) => 30 + BitConverter.ToUInt16(zip, 26) + BitConverter.ToUInt16(zip, 28);

    private static async Task<EvidenceVerdict> VerifyAsync(byte[] zip, EvidenceSeal? seal) => await EvidenceBundle.VerifyAsync(new MemoryStream(zip), seal, Token);

    private static async Task<string> TextAsync(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(await entry.OpenAsync(Token));
        return await reader.ReadToEndAsync(Token);
    }
}
