namespace IotOps.Samples.FleetConsole;

/// <summary>How the console runs, from the command line and its configuration file.</summary>
internal sealed record ConsoleSettings
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:8090");
}
