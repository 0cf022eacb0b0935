using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using IotOps.Shared;

namespace IotOps.Aws.Calls;

/// <summary>The HTTP transport that a client makes for itself.</summary>
internal static class AwsTransport
{
    /// <param name="caFile">Roots to trust instead of the system's, PEM; null trusts those.</param>
    /// <param name="proxy">The way out; null takes the system's.</param>
    /// <param name="race">Replaces the network.</param>
    /// <exception cref="ArgumentException">The file cannot be read, or holds no certificate.</exception>
    public static SocketsHttpHandler Create(string? caFile, IWebProxy? proxy, AddressRace? race = null) => new()
    {
        Proxy = proxy,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = caFile is null ? null : Trust(caFile),
            RemoteCertificateValidationCallback = ServerCertificate.Check,
        },

        // The handler's own way tries one address after the other: a first one without a route, as IPv6 often is, hides the others for ever.
        ConnectCallback = (race ?? new AddressRace(TimeProvider.System)).OpenAsync,

        // A redirected request would carry the wrong signature; AWS redirects only to tell of a wrong region.
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),

        // AWS moves its endpoints by DNS.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),

        // Trace headers are the caller's business, not the service's.
        ActivityHeadersPropagator = null,
    };

    private static X509ChainPolicy Trust(string caFile) => new PemCertificates(
        (message, cause) => new ArgumentException($"The roots to trust (CaFile, AWS_CA_BUNDLE or ca_bundle of the profile): {message}", nameof(caFile), cause)).Trust(caFile);

    /// <summary>A caller's own handler: used, never disposed.</summary>
    public sealed class Borrowed(HttpMessageHandler handler) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _handler = new(handler, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _handler.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _handler.Dispose();
            base.Dispose(disposing);
        }
    }
}
