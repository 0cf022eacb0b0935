using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Commands;

namespace IotOps.Samples.FleetTool;

/// <summary>The commands, in the order of the help. Each is a file of its own in Commands/.</summary>
internal static class FleetCommands
{
    public static IReadOnlyList<Command> All { get; } =
    [
        TrailCommand.Command,
        ActivityCommand.Command,
        SelectorsCommand.Command,
        DigestCommand.Command,
        MatchCommand.Command,
        QueryCommand.Command,
        FindingsCommand.Command,
        LifecycleCommand.Command,
        LogsCommand.Command,
        TimelineCommand.Command,
        TemplatesCommand.Command,
        RouteCommand.Command,
        DetectRunCommand.Command,
        DetectCheckCommand.Command,
        DetectPutCommand.Command,
        SimulateCommand.Command,
        QuarantinePlanCommand.Command,
        QuarantineRunCommand.Command,
        QuarantineUndoCommand.Command,
        QuarantineRevokeCommand.Command,
        QuarantineStatusCommand.Command,
        EvidenceCollectCommand.Command,
        EvidenceVerifyCommand.Command,
    ];
}
