using IotOps.Detect;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Quarantine;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Makes an evidence bundle of files.</summary>
internal static class EvidenceCollectCommand
{
    private static readonly (string Option, EvidenceKind Kind, string What)[] Kinds =
    [
        ("--logs", EvidenceKind.Logs, "Log lines as they were written: files and directories, with commas."),
        ("--trail", EvidenceKind.Trail, "Files of the trail, with commas; or s3://BUCKET/PREFIX with --since: the trail itself, read and validated by its digests."),
        ("--verdicts", EvidenceKind.TrailVerdicts, "What digest --json printed about the trail, with commas."),
        ("--lifecycle", EvidenceKind.Lifecycle, "Lifecycle events, with commas."),
        ("--reports", EvidenceKind.Reports, "Device Defender reports, with commas."),
        ("--other", EvidenceKind.Other, "Anything else, with commas."),
    ];

    public static Command Command { get; } = new()
    {
        Name = "evidence collect",
        Summary = "Put the evidence of an incident into one zip, with the SHA-256 of each file. Prints the seal that proves later that it is this one.",
        Options =
        [
            new("OUT", null, "The zip; it must not be there. OUT.sha256 is written beside it.") { Required = true },
            new("--incident", "NAME", "The incident's name.") { Required = true },
            .. Kinds.Select(kind => new CommandOption(kind.Option, "PATHS", kind.What)),
            .. TrailEvidence.Options,
            new("--violation", "ID", "The plan and the journal of this violation's quarantine too; needs the journal."),
            .. RunbookSession.Options,
            new("--json", null, "Print the seal as one JSON object."),
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        string path = arguments["OUT"]!;
        TrailEvidence[] trails = [.. Paths(arguments["--trail"]).Where(TrailEvidence.IsBucket).Select(url => TrailEvidence.Of(url, arguments))];
        IReadOnlyList<QuarantineEntry> quarantine = await QuarantineAsync(arguments);
        (EvidenceKind Kind, string Name, string Path)[] files = [.. Kinds.SelectMany(kind => Files(arguments[kind.Option]).Select(file => (kind.Kind, file.Name, file.Path)))];
        if (files.Length + trails.Length == 0 && quarantine.Count == 0)
        {
            throw new UsageException("there is nothing to collect; give --logs, --trail or another kind");
        }

        if (File.Exists(path))
        {
            throw new IOException($"{path} is there already: evidence is not overwritten.");
        }

        string part = path + ".part";
        EvidenceSeal seal;
        int count;
        try
        {
            (seal, count) = await WriteAsync(part, arguments, files, trails, quarantine);
        }
        catch
        {
            File.Delete(part);
            throw;
        }

        File.Move(part, path);
        await File.WriteAllTextAsync(path + ".sha256", $"{seal.BundleSha256}  {Path.GetFileName(path)}\n");
        Console.WriteLine(arguments.Has("--json")
            ? JsonLine.Of(json =>
            {
                json.WriteNumber("files"u8, count);
                json.WriteNumber("bytes"u8, seal.Length);
                json.WriteString("bundleSha256"u8, seal.BundleSha256);
                json.WriteString("manifestSha256"u8, seal.ManifestSha256);
            })
            : TerminalText.Printable($"{path}: {seal.Length} bytes, SHA-256 {seal.BundleSha256}, manifest {seal.ManifestSha256}"));
        return 0;
    }

    private static async Task<(EvidenceSeal Seal, int Files)> WriteAsync(
        string path,
        CommandArguments arguments,
        (EvidenceKind Kind, string Name, string Path)[] files,
        TrailEvidence[] trails,
        IReadOnlyList<QuarantineEntry> quarantine)
    {
        using var signals = new ShutdownSignals();
        int count = files.Length;
        await using var output = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        await using var writer = new EvidenceBundleWriter(output, arguments["--incident"]!);
        foreach ((EvidenceKind kind, string name, string file) in files)
        {
            await using FileStream content = File.OpenRead(file);
            await writer.AddAsync(kind, name, content, signals.Requested);
        }

        foreach (TrailEvidence trail in trails)
        {
            (DigestReport report, int added) = await trail.AddAsync(writer, arguments, signals.Requested);
            count += added;
            await DigestText.PrintAsync(report, Console.Error);
        }

        if (quarantine.Count > 0)
        {
            await writer.AddQuarantineAsync(quarantine, signals.Requested);
            count += 3;
        }

        EvidenceSeal seal = await writer.CompleteAsync(signals.Requested);
        output.Flush(flushToDisk: true);
        return (seal, count);
    }

    private static async Task<IReadOnlyList<QuarantineEntry>> QuarantineAsync(CommandArguments arguments)
    {
        if (arguments["--violation"] is not { } violation)
        {
            return [];
        }

        await using var session = new RunbookSession(arguments);
        IReadOnlyList<QuarantineEntry> entries = await session.EntriesAsync(violation);
        return entries.Count > 0 ? entries : throw new IOException($"The journal has no quarantine for violation '{violation}'.");
    }

    private static string[] Paths(string? paths) => paths?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static IEnumerable<(string Name, string Path)> Files(string? paths)
    {
        foreach (string path in Paths(paths).Where(path => !TrailEvidence.IsBucket(path)))
        {
            if (!Directory.Exists(path))
            {
                yield return (Path.GetFileName(path), path);
                continue;
            }

            foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                yield return (Path.GetRelativePath(path, file), file);
            }
        }
    }
}
