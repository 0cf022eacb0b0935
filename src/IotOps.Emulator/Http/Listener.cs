using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.Emulator.Http;

/// <summary>A Kestrel on two loopback ports, HTTP and mutual TLS, without configuration, logging or signal handling of its own.</summary>
internal sealed class Listener : IAsyncDisposable
{
    // The largest object that S3 takes at once, and room for what frames its chunks.
    private const long MaxBodyBytes = 6L << 30;

    private readonly WebApplication _app;

    private Listener(WebApplication app)
    {
        _app = app;
        IServerAddressesFeature bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        Uri[] addresses = [.. bound.Addresses.Select(a => new Uri(a))];
        HttpPort = addresses.Single(a => a.Scheme == Uri.UriSchemeHttp).Port;
        TlsPort = addresses.Single(a => a.Scheme == Uri.UriSchemeHttps).Port;
    }

    public int HttpPort { get; }

    public int TlsPort { get; }

    public static async Task<Listener> StartAsync(EmulatorOptions options, Func<X509Certificate2> certificate, RequestDelegate handle)
    {
        // The empty builder reads no appsettings.json and no ASPNETCORE_ variables of the host process.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // S3 lets a link name a download with any letter of Latin-1.
            kestrel.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, options.CredentialsPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(Tls(certificate));
            });
        });

        var callers = new LocalCallers(options.AllowedHosts);
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(context => HandleAsync(context, callers, handle, options.TimeProvider));
        try
        {
            await app.StartAsync().ConfigureAwait(false);
            return new Listener(app);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A client that keeps its connection busy must not keep the emulator from ending.
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _app.StopAsync(now.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static HttpsConnectionAdapterOptions Tls(Func<X509Certificate2> certificate) => new()
    {
        // Kestrel keeps the name that the client asked for only where it selects a certificate by it.
        ServerCertificateSelector = (_, _) => certificate(),

        // The service itself tells a client whose certificate it does not know, so the handshake lets every one pass.
        ClientCertificateMode = ClientCertificateMode.AllowCertificate,
        ClientCertificateValidation = (_, _, _) => true,
        CheckCertificateRevocation = false,
    };

    private static async Task HandleAsync(HttpContext context, LocalCallers callers, RequestDelegate handle, TimeProvider timeProvider)
    {
        if (context.Request.Headers.Expect.Count > 0)
        {
            context.Response.OnStarting(CloseWhereBodyIsUnread, context);
        }

        if (callers.Judge(context.Request) is { } refusal)
        {
            await PlainAnswer.WriteAsync(context, refusal).ConfigureAwait(false);
            return;
        }

        // Clients learn their clock's error from this header, so it must show the emulator's clock.
        context.Response.Headers.Date = timeProvider.GetUtcNow().ToString("r");
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        try
        {
            await handle(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await PlainAnswer.WriteAsync(context, new Refusal(e.StatusCode, "BadRequest", e.Message)).ConfigureAwait(false);
        }
    }

    // A client that waits for 100 Continue and is refused sends no body. Its next request on the same connection would be read as that
    // body, so the answer has to say that the connection ends (RFC 9110, 10.1.1), as S3's does.
    private static Task CloseWhereBodyIsUnread(object state)
    {
        var context = (HttpContext)state;
        if (context.Response.StatusCode >= 300)
        {
            context.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
