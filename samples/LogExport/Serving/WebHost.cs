using System.Buffers;
using System.IO.Pipelines;
using IotOps.Slack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport.Serving;

/// <summary>The endpoint behind Kestrel.</summary>
internal static class WebHost
{
    private const int MostBodyBytes = 64 << 10;
    private const int MostConnections = 1_000;

    /// <summary>Makes the server; it listens once started.</summary>
    /// <param name="url">Such as <c>http://127.0.0.1:8080</c>; port 0 takes a free one.</param>
    /// <param name="endpoint">Answers.</param>
    /// <param name="timeProvider">Clock of arrivals.</param>
    /// <param name="log">Where the server logs, warnings and above.</param>
    public static WebApplication Create(string url, SlackEndpoint endpoint, TimeProvider timeProvider, ILoggerProvider log)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();

        // The command line and the configuration file say all; ASPNETCORE_URLS from somewhere must not.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        WebApplication app = builder.Build();
        app.Run(context => HandleAsync(context, endpoint, timeProvider));
        return app;
    }

    private static async Task HandleAsync(HttpContext context, SlackEndpoint endpoint, TimeProvider timeProvider)
    {
        long arrivedAt = timeProvider.GetTimestamp();
        SlackReply reply = SlackPaths.Answer(context.Request.Method, context.Request.Path.Value, context.Request.QueryString.Value ?? "")
            ?? await CommandAsync(context, endpoint, arrivedAt);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        context.Response.ContentLength = reply.Body.Length;
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }

    private static async Task<SlackReply> CommandAsync(HttpContext context, SlackEndpoint endpoint, long arrivedAt)
    {
        byte[] body;
        try
        {
            body = await ReadAsync(context.Request.BodyReader, context.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            return SlackReply.Refusal(e.StatusCode, "The body is too large, or not what its headers say.");
        }

        return await endpoint.HandleAsync(
            SlackRequestHeaders.Find(context.Request.Headers.SelectMany(h => h.Value, (h, value) => new KeyValuePair<string, string?>(h.Key, value))),
            body,
            arrivedAt);
    }

    // Kestrel's limit ends the reading of a body that is too large.
    private static async Task<byte[]> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
