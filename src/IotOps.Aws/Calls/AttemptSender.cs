using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Microsoft.Extensions.Logging;

namespace IotOps.Aws.Calls;

/// <summary>One attempt of a call: one HTTP request, its answer read whole, or an <see cref="AwsException"/> that says which kind of failure it was.</summary>
internal sealed class AttemptSender(
    AwsClientOptions options, Uri endpoint, HttpMessageInvoker http, SigV4Handler signing, CredentialsRefresh refresh, ILogger logger)
{
    private readonly AwsUri _uri = new(endpoint);
    private readonly AwsFailures _failures = new(options.Service, options.Region, endpoint, options.Timeout);

    /// <summary>Sends once.</summary>
    public async ValueTask<AwsResponse> SendAsync(CallState call, CancellationToken cancellationToken)
    {
        call.Attempts++;
        TimeSpan skewBefore = signing.ClockSkew;
        using var timeout = new CancellationTokenSource(options.Timeout, options.TimeProvider);
        using CancellationTokenRegistration caller =
            cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), timeout);
        try
        {
            call.PayloadHash ??= await PayloadHashAsync(call.Request, timeout.Token).ConfigureAwait(false);
            using HttpRequestMessage message = AwsMessage.Create(call.Request, _uri.Of(call.Request), call.PayloadHash);
            using HttpResponseMessage response = await http.SendAsync(message, timeout.Token).ConfigureAwait(false);
            byte[] body = response.IsSuccessStatusCode
                ? await AwsMessage.ReadBodyAsync(response, options.MaxResponseBytes, timeout.Token).ConfigureAwait(false)
                    ?? throw _failures.TooLarge(call.Request, response.StatusCode, AwsMessage.RequestId(response.Headers), options.MaxResponseBytes)
                : await AwsMessage.ReadRefusalAsync(response, timeout.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode || AwsMessage.IsS3ErrorInSuccess(options.Service, call.Request, body))
            {
                throw Refused(call, message, response, body, skewBefore);
            }

            string? requestId = AwsMessage.RequestId(response.Headers);
            if (AwsMessage.IsAwsJson(response) && !AwsMessage.IsWholeJson(body))
            {
                throw _failures.Truncated(call.Request, response.StatusCode, requestId);
            }

            return new AwsResponse(response.StatusCode, body, AwsMessage.Headers(response), requestId);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw _failures.TimedOut(call.Request, e);
        }
        catch (OperationCanceledException e)
        {
            // The caller's own token, not the linked one that it has never seen.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw _failures.Unreachable(call.Request, e);
        }
        catch (IOException e)
        {
            throw _failures.Unreachable(call.Request, e);
        }
        catch (AmazonClientException e)
        {
            throw _failures.NoCredentials(call.Request, e);
        }
    }

    /// <summary>An answer's JSON as an object; operations that answer nothing give an empty one.</summary>
    public T Read<T>(AwsRequest request, AwsResponse response, JsonTypeInfo<T> type)
    {
        ReadOnlySpan<byte> json = response.Body.IsEmpty ? "{}"u8 : response.Body.Span;
        try
        {
            return JsonSerializer.Deserialize(json, type)
                ?? throw _failures.Truncated(request, response.StatusCode, response.RequestId);
        }
        catch (JsonException)
        {
            throw _failures.Truncated(request, response.StatusCode, response.RequestId);
        }
    }

    private ValueTask<string> PayloadHashAsync(AwsRequest request, CancellationToken cancellationToken) => request.StreamBody switch
    {
        null => new ValueTask<string>(Sha256(request.Body.Span)),
        { Sha256: { } known } => new ValueTask<string>(known),
        _ when options.Service.SigningName is "s3" && endpoint.Scheme is "https" => new ValueTask<string>(SigV4Request.UnsignedPayload),
        { } streamed => OutgoingStream.HashAsync(streamed, cancellationToken),
    };

    private static string Sha256(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return SigV4Request.EmptyPayloadHash;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, digest);
        return Convert.ToHexStringLower(digest);
    }

    private AwsException Refused(
        CallState call, HttpRequestMessage message, HttpResponseMessage response, byte[] body, TimeSpan skewBefore)
    {
        var error = AwsErrorBody.Read(response.StatusCode, AwsMessage.Value(response.Headers, "x-amzn-ErrorType"), body);
        var recovery = RetryRecovery.None;
        if (AwsErrorClass.IsStaleCredentials(error.Code))
        {
            message.Options.TryGetValue(SigV4Handler.SignedBy, out string? accessKey);
            if (refresh.TryDrop(accessKey))
            {
                Log.RefreshingCredentials(logger, options.Service.SigningName, error.Code);
                recovery = RetryRecovery.CredentialsDropped;
            }
        }
        else if (AwsErrorClass.IsClockSkew(error.Code) && signing.ClockSkew != skewBefore)
        {
            recovery = RetryRecovery.ClockLearnt;
        }

        return _failures.Refused(
            call.Request,
            response.StatusCode,
            error,
            AwsMessage.RequestId(response.Headers),
            RetryAfterHeader.Read(response.Headers, options.TimeProvider.GetUtcNow()),
            recovery);
    }
}
