using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Quarantine;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Checks an evidence bundle, offline.</summary>
internal static class EvidenceVerifyCommand
{
    public static Command Command { get; } = new()
    {
        Name = "evidence verify",
        Summary = "Check an evidence bundle offline: name each file that was changed, removed, added or moved.",
        Options =
        [
            new("BUNDLE", null, "The zip. BUNDLE.sha256 beside it is compared too.") { Required = true },
            new("--sha256", "HEX", "The bundle's SHA-256, as it was kept elsewhere."),
            new("--manifest-sha256", "HEX", "The manifest's SHA-256, as it was kept elsewhere."),
            new("--json", null, "Print one JSON object a problem, and one for the bundle."),
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        string path = arguments["BUNDLE"]!;
        var seal = new EvidenceSeal(arguments["--manifest-sha256"] ?? "", arguments["--sha256"] ?? await BesideAsync(path) ?? "", -1);
        await using FileStream bundle = File.OpenRead(path);
        EvidenceVerdict verdict = await EvidenceBundle.VerifyAsync(bundle, seal);
        foreach (EvidenceProblem problem in verdict.Problems)
        {
            Console.WriteLine(arguments.Has("--json")
                ? JsonLine.Of(json =>
                {
                    json.WriteString("problem"u8, problem.Kind.ToString());
                    json.WriteString("file"u8, problem.File);
                    json.WriteString("message"u8, problem.Message);
                })
                : TerminalText.Printable($"{problem.Kind}: {problem.Message}"));
        }

        if (arguments.Has("--json"))
        {
            Console.WriteLine(JsonLine.Of(json =>
            {
                json.WriteBoolean("intact"u8, verdict.IsIntact);
                json.WriteString("incident"u8, verdict.Manifest?.Incident);
                json.WriteNumber("files"u8, verdict.Manifest?.Files.Count ?? 0);
                json.WriteString("bundleSha256"u8, verdict.Seal.BundleSha256);
                json.WriteString("manifestSha256"u8, verdict.Seal.ManifestSha256);
                json.WriteBoolean("sealed"u8, seal is not { ManifestSha256: "", BundleSha256: "" });
            }));
        }
        else if (verdict is { IsIntact: true, Manifest: { } manifest })
        {
            string against = seal is { ManifestSha256: "", BundleSha256: "" } ? " No seal was given: a bundle that was made again would pass too." : "";
            Console.WriteLine(TerminalText.Printable($"{path}: intact, {manifest.Files.Count} files of {manifest.Incident}.{against}"));
        }

        return verdict.IsIntact ? 0 : 1;
    }

    private static async Task<string?> BesideAsync(string path) =>
        File.Exists(path + ".sha256") ? (await File.ReadAllTextAsync(path + ".sha256")).Split(' ')[0].Trim() : null;
}
