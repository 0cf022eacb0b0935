using System.Buffers;
using System.IO.Pipelines;
using IotOps.Slack;
using IotOps.SlackExport.Serving;
using Microsoft.AspNetCore.Http;

namespace IotOps.SlackExport.Http;

/// <summary>The endpoint behind ASP.NET Core's routing.</summary>
internal sealed class SlackCommandHandler(SlackEndpoint endpoint, DownloadEndpoint downloads, TimeProvider timeProvider)
{
    /// <summary>Answers a request at the command's URL.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        long arrivedAt = timeProvider.GetTimestamp();
        SlackReply reply = CommandUrl.Answer(context.Request.Method, context.Request.QueryString.Value ?? "")
            ?? await CommandAsync(context.Request, arrivedAt, context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context.Response, reply, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Answers a click on a link button: 200 and nothing to show.</summary>
    public static Task AnswerClickAsync(HttpContext context) => WriteAsync(context.Response, SlackReply.Empty, context.RequestAborted);

    /// <summary>Answers a click on a link of this program's own.</summary>
    public async Task DownloadAsync(HttpContext context)
    {
        string token = context.Request.RouteValues["token"] as string ?? "";
        SlackReply reply = await downloads.HandleAsync(context.Request.Method, token, context.Request.Headers.UserAgent).ConfigureAwait(false);
        await WriteAsync(context.Response, reply, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpResponse response, SlackReply reply, CancellationToken cancellationToken)
    {
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.ContentLength = reply.Body.Length;
        foreach ((string name, string value) in reply.Headers())
        {
            response.Headers[name] = value;
        }

        await response.Body.WriteAsync(reply.Body, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SlackReply> CommandAsync(HttpRequest request, long arrivedAt, CancellationToken cancellationToken)
    {
        byte[]? body;
        try
        {
            body = await ReadAsync(request.BodyReader, cancellationToken).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            return SlackReply.Refusal(e.StatusCode, "The body is too large, or not what its headers say.");
        }

        var headers = SlackRequestHeaders.Find(request.Headers.SelectMany(h => h.Value, (h, value) => new KeyValuePair<string, string?>(h.Key, value)));
        return body is null ? SlackReply.Refusal(413, "The body is too large.") : await endpoint.HandleAsync(headers, body, arrivedAt).ConfigureAwait(false);
    }

    // Null for a body that is too large: of one that nobody has verified yet no more is kept than a command may have.
    private static async Task<byte[]?> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (read.IsCompleted || read.Buffer.Length > SlackEndpoint.MaxBodyBytes)
            {
                byte[]? body = read.Buffer.Length > SlackEndpoint.MaxBodyBytes ? null : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
