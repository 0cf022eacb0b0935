using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Publishing;

/// <summary>Calls what the host hung in. It may throw anything; reporting goes on.</summary>
internal sealed class HostCallbacks(ILogger logger)
{
    public void Call(string name, Action callback)
    {
        try
        {
            callback();
        }
#pragma warning disable CA1031 // The host's own code may throw anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.CallbackFailed(logger, name, e);
        }
    }
}
