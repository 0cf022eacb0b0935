namespace IotOps.Soak;

/// <summary>How long and how hard.</summary>
internal sealed record SoakOptions
{
    /// <summary>How often the agent is killed.</summary>
    public required int Kills { get; init; }

    /// <summary>Seed of kill times, rotations and line lengths. What the machine's scheduler does is not in it.</summary>
    public required int Seed { get; init; }

    /// <summary>Each kill falls uniformly between zero and this after the agent's start.</summary>
    public required TimeSpan LongestRun { get; init; }

    /// <summary>The agent: a native binary, or DeviceAgent.dll for the dotnet host.</summary>
    public required string Agent { get; init; }
}
