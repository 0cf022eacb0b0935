using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Quarantine;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Undoes a quarantine.</summary>
internal static class QuarantineUndoCommand
{
    public static Command Command { get; } = new()
    {
        Name = "quarantine undo",
        Summary = "Give back what a quarantine took, the last call first, or one step of it. A dry run, which says what that is, unless --execute or --yes is given.",
        Options =
        [
            new("VIOLATION", null, "The violation.") { Required = true },
            new("--step", "NUMBER", "This step alone; the others stay in effect. From then on the quarantine can only be undone."),
            new("--reason", "TEXT", "Why, for the journal."),
            new("--by", "NAME", "Who does it, for the journal; the user unless given."),
            .. Consent.Options,
            new("--json", null, "Print how it stands as JSON."),
            .. RunbookSession.Options,
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static Task<int> RunAsync(CommandArguments arguments)
    {
        string by = arguments["--by"] ?? Environment.UserName, reason = arguments["--reason"] ?? "";
        return arguments.Integer("--step", 1, int.MaxValue) is { } step
            ? HeldQuarantine.RunAsync(
                arguments,
                $"undoes step {step} if it says how",
                thing => $"{thing} gets back what step {step} took.",
                (runbook, violation) => runbook.UndoStepAsync(violation, step, by, reason))
            : HeldQuarantine.RunAsync(
                arguments,
                "undoes the steps that say how",
                thing => $"{thing} gets its access back.",
                (runbook, violation) => runbook.UndoAsync(violation, by, reason));
    }
}
