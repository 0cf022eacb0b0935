using IotOps.Shadow;

namespace IotOps.Samples.DeviceAgent.Shadow;

/// <summary>Where <c>DeviceAgent shadow</c> asks.</summary>
internal static class ShadowSocket
{
    /// <summary>Its name in the state directory.</summary>
    public const string FileName = "shadow.sock";

    /// <summary>Listens in a state directory that the cache holds.</summary>
    public static LineSocket Open(string stateDirectory, ShadowCache cache) =>
        LineSocket.Open(Path.Combine(stateDirectory, FileName), (line, stop) => ShadowRequests.AnswerAsync(cache, line, stop));
}
