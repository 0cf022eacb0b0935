using IotOps.Aws.Calls;
using IotOps.Aws.Endpoints;

namespace IotOps.Aws;

/// <summary>The HTTP transport that <see cref="AwsClient"/> makes for itself, for those who put more above or below it.</summary>
public static class AwsHttpHandler
{
    /// <summary>
    /// A handler that takes the proxy of <see cref="AwsProxy.FromEnvironment()"/> and the roots of <c>AWS_CA_BUNDLE</c> or of the profile's
    /// <c>ca_bundle</c>, tries the addresses of a host side by side, and follows no redirect. The caller disposes it.
    /// </summary>
    /// <param name="caFile">Root certificates, PEM, to trust instead; null takes those named above, then the system's.</param>
    /// <exception cref="ArgumentException">The file of roots cannot be read, or holds no certificate.</exception>
    public static SocketsHttpHandler Create(string? caFile = null) =>
        AwsTransport.Create(caFile ?? CaBundle(), AwsProxy.FromEnvironment());

    /// <summary>
    /// The file of root certificates that <c>AWS_CA_BUNDLE</c> names, else <c>ca_bundle</c> of the profile; null trusts the system's. It fits
    /// <c>MqttTlsOptions.CaFile</c> too.
    /// </summary>
    /// <param name="environment">Reads an environment variable; null reads the process's own.</param>
    public static string? CaBundle(Func<string, string?>? environment = null) => new SdkSettings(environment).CaBundle;
}
