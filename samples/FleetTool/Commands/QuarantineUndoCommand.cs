using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Quarantine;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Undoes a quarantine.</summary>
internal static class QuarantineUndoCommand
{
    public static Command Command { get; } = new()
    {
        Name = "quarantine undo",
        Summary = "Give back what a quarantine took, the last call first. A dry run, which says what that is, unless --execute or --yes is given.",
        Options =
        [
            new("VIOLATION", null, "The violation.") { Required = true },
            new("--reason", "TEXT", "Why, for the journal."),
            new("--by", "NAME", "Who does it, for the journal; the user unless given."),
            .. Consent.Options,
            new("--json", null, "Print how it stands as JSON."),
            .. RunbookSession.Options,
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static Task<int> RunAsync(CommandArguments arguments) => HeldQuarantine.RunAsync(
        arguments,
        "undoes the steps that say how",
        thing => $"{thing} gets its access back.",
        (runbook, violation) => runbook.UndoAsync(violation, arguments["--by"] ?? Environment.UserName, arguments["--reason"] ?? ""));
}
