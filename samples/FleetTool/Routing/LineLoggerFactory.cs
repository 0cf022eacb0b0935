using IotOps.Samples.Logging;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.FleetTool.Routing;

/// <summary>Loggers of one provider.</summary>
internal sealed class LineLoggerFactory(LineLoggerProvider provider) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("There is one provider.");

    public ILogger CreateLogger(string categoryName) => provider.CreateLogger(categoryName);

    public void Dispose() => provider.Dispose();
}
