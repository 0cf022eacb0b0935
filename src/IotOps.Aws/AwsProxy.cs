using System.Net;
using IotOps.Aws.Endpoints;

namespace IotOps.Aws;

/// <summary>The HTTP proxy that the environment names.</summary>
public static class AwsProxy
{
    /// <summary>
    /// The proxy of <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>ALL_PROXY</c> (<see cref="HttpClient.DefaultProxy"/>), with <c>NO_PROXY</c> as
    /// the AWS SDKs read it: a name stands for itself and all below it, <c>*</c> for all hosts, <c>host:port</c> for one port,
    /// <c>10.0.0.0/8</c> for a network of addresses. What this package connects to goes by it; it fits <c>MqttConnectionOptions.Proxy</c> too.
    /// </summary>
    public static IWebProxy FromEnvironment() => FromEnvironment(HttpClient.DefaultProxy, Environment.GetEnvironmentVariable);

    internal static IWebProxy FromEnvironment(IWebProxy proxy, Func<string, string?> environment) =>
        environment("no_proxy") is { Length: > 0 } lower ? new NoProxy(proxy, lower)
        : environment("NO_PROXY") is { Length: > 0 } upper ? new NoProxy(proxy, upper)
        : proxy;
}
