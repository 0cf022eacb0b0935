using IotOps.Samples.DeviceAgent.Shadow;
using IotOps.Shadow;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Remediations;

/// <summary>Waits for remediations in the classic shadow, or the first one that the agent keeps.</summary>
internal sealed class AgentRemediation : IAsyncDisposable
{
    private readonly IAsyncDisposable _calls;

    private readonly RemediationHandler _handler;

    private AgentRemediation(IAsyncDisposable calls, RemediationHandler handler)
    {
        _calls = calls;
        _handler = handler;
    }

    /// <summary>Does what is asked for already, and what will be; null when the configuration does not want it.</summary>
    public static async Task<AgentRemediation?> StartAsync(AgentConfig config, AgentShadow? shadow, IRemediationActions actions, ILogger logger)
    {
        if (config is not { Remediation: not null, Shadow: { } names } || shadow is null)
        {
            return null;
        }

        DeviceShadow kept = shadow.Cache[names.Names.Contains(ShadowId.Classic) ? ShadowId.Classic : names.Names[0]];
        var handler = new RemediationHandler(kept, actions);
        await handler.HandleAsync(CancellationToken.None);
        return new AgentRemediation(kept.OnDelta(async (delta, stop) =>
        {
            if (delta.Paths.Any(path => path.StartsWith("remediation", StringComparison.Ordinal)))
            {
                Log.Remediation(logger);
                await handler.HandleAsync(stop);
            }
        }), handler);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _calls.DisposeAsync();
        _handler.Dispose();
    }
}
