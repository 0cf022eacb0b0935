namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>What somebody may do.</summary>
internal static class Roles
{
    /// <summary>May look at every page.</summary>
    public const string Viewer = "viewer";

    /// <summary>May also act.</summary>
    public const string Responder = "responder";

    public static bool IsRole(string? text) => text is Viewer or Responder;
}
