using Microsoft.Extensions.Configuration;

namespace IotOps.Samples.Configuration;

/// <summary>A JSON5 file as a source of a host's configuration, read once, when the configuration is built.</summary>
/// <param name="path">The file; relative paths count from the working directory.</param>
/// <param name="optional">True takes a missing file for an empty one.</param>
public sealed class Json5ConfigurationSource(string path, bool optional = false) : IConfigurationSource
{
    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Json5ConfigurationProvider(path, optional);
}
