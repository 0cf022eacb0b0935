namespace IotOps.Slack;

/// <summary>What may be asked for.</summary>
public sealed record LogExportCommandOptions
{
    /// <summary>The slash command, for the corrections that a user pastes. <c>/iot-log</c> by default.</summary>
    public string CommandName { get; init; } = "/iot-log";

    /// <summary>The categories, at least one, in the order in which they are shown. Names and aliases are letters, digits, <c>_</c> and <c>-</c>, each only once.</summary>
    public IReadOnlyList<LogExportCategory> Categories { get; init; } =
    [
        new("lifecycle") { AllowsEveryDevice = true },
        new("telemetry"),
        new("command") { Aliases = ["commands", "cmd"] },
    ];

    /// <summary>The environments; empty when there is only one, which then has no name.</summary>
    public IReadOnlyList<string> Environments { get; init; } = [];

    /// <summary>The environment of a command that names none; null makes naming one a must.</summary>
    public string? DefaultEnvironment { get; init; }

    /// <summary>Days that one command may span. 31 by default.</summary>
    public int MaxDays { get; init; } = 31;

    /// <summary>Clock of <c>today</c> and of what lies in the future; dates are UTC.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
