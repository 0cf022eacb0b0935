using IotOps.Shared;

namespace IotOps.Aws.Calls;

/// <summary>The HTTP transport that a client makes for itself.</summary>
internal static class AwsTransport
{
    public static SocketsHttpHandler Create() => Create(new AddressRace(TimeProvider.System));

    public static SocketsHttpHandler Create(AddressRace race) => new()
    {
        // The handler's own way tries one address after the other: a first one without a route, as IPv6 often is, hides the others for ever.
        ConnectCallback = race.OpenAsync,

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
