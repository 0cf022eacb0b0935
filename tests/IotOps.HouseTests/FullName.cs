namespace IotOps.HouseTests;

/// <summary>Parts of a full name, such as <c>IotOps.Emulator.Mqtt.Packet</c>.</summary>
internal static class FullName
{
    /// <summary>All but the last part; empty for a name of one part.</summary>
    public static string Namespace(string name) => name[..Math.Max(name.LastIndexOf('.'), 0)];

    /// <summary>The last part.</summary>
    public static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];
}
