using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Quarantine;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Revokes the certificates of a quarantine.</summary>
internal static class QuarantineRevokeCommand
{
    public static Command Command { get; } = new()
    {
        Name = "quarantine revoke",
        Summary = "Revoke the certificates of a thing that was held long enough. Final. A dry run unless --execute or --yes is given.",
        Options =
        [
            new("VIOLATION", null, "The violation.") { Required = true },
            new("--approved-by", "NAME", "Who approved it, for the journal.") { Required = true },
            new("--reason", "TEXT", "Why, for the journal.") { Required = true },
            .. Consent.Options,
            new("--json", null, "Print how it stands as JSON."),
            .. RunbookSession.Options,
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static Task<int> RunAsync(CommandArguments arguments) => HeldQuarantine.RunAsync(
        arguments,
        "revokes the certificates, which nothing undoes",
        thing => $"The certificates of {thing} are revoked for ever.",
        (runbook, violation) => runbook.RevokeAsync(violation, arguments["--approved-by"]!, arguments["--reason"]!));
}
