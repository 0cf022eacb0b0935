using System.Globalization;
using IotOps.Shadow.Store;
using Microsoft.Extensions.Logging;

namespace IotOps.Shadow.Sync;

/// <summary>What the sessions of a cache share.</summary>
internal sealed class SyncContext(ShadowCacheOptions options, ShadowStore store, ShadowMetrics metrics, ILogger logger)
{
    private long _requests;

    public ShadowCacheOptions Options => options;

    public ShadowStore Store => store;

    public ShadowMetrics Metrics => metrics;

    public ILogger Logger => logger;

    /// <summary>Begins every token of this process: an answer that comes late is known as one to this device all the same.</summary>
    public string TokenPrefix { get; } = Guid.NewGuid().ToString("N")[..12] + "-";

    /// <summary>A token of its own for each request.</summary>
    public string NextToken() => TokenPrefix + (++_requests).ToString(CultureInfo.InvariantCulture);
}
