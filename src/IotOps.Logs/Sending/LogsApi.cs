using System.Net;
using System.Text.Json;
using IotOps.Aws;
using IotOps.Logs.Batching;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Sending;

/// <summary>The calls to CloudWatch Logs: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/. Safe for concurrent use.</summary>
internal sealed class LogsApi(AwsClient client, bool gzip, ILogger logger)
{
    private const string Prefix = "Logs_20140328.";
    private const string PutLogEvents = Prefix + "PutLogEvents";

    private volatile GzipTrust _gzip = gzip ? GzipTrust.Untried : GzipTrust.Off;

    private enum GzipTrust
    {
        Untried,
        Works,
        Off,
    }

    /// <summary>Sends events and tells which were left out.</summary>
    /// <exception cref="AwsException">Refused, or no answer that can be read.</exception>
    public async Task<RejectedEvents> PutAsync(
        LogDestination destination, LogBatch batch, PutPlan plan, PutSlice slice, CancellationToken cancellationToken)
    {
        GzipTrust trust = _gzip;
        using var body = new PooledStream();
        bool compressed = PutLogEventsEncoder.Encode(destination, batch, plan[slice], trust != GzipTrust.Off, body);
        try
        {
            RejectedEvents rejected = await PutAsync(body, compressed, cancellationToken).ConfigureAwait(false);
            if (compressed && trust == GzipTrust.Untried)
            {
                _gzip = GzipTrust.Works;
            }

            return rejected;
        }
        catch (AwsException e) when (compressed && trust == GzipTrust.Untried && MayBeTheEncoding(e))
        {
            // The API reference does not promise gzip: an endpoint that refuses it may take the same batch without.
            PutLogEventsEncoder.Encode(destination, batch, plan[slice], gzip: false, body);
            RejectedEvents rejected = await PutAsync(body, compressed: false, cancellationToken).ConfigureAwait(false);
            _gzip = GzipTrust.Off;
            Log.GzipRefused(logger, e.Code, e.StatusCode);
            return rejected;
        }
    }

    /// <summary>Creates a log group.</summary>
    /// <exception cref="AwsException">Refused; ResourceAlreadyExistsException when it is there.</exception>
    public Task CreateGroupAsync(string group, NewGroups settings, CancellationToken cancellationToken) =>
        SendAsync(
            "CreateLogGroup",
            w =>
            {
                w.WriteString("logGroupName"u8, group);
                settings.Write(w);
            },
            cancellationToken);

    /// <summary>Creates a log stream.</summary>
    /// <exception cref="AwsException">Refused; ResourceAlreadyExistsException when it is there, ResourceNotFoundException without its group.</exception>
    public Task CreateStreamAsync(LogDestination destination, CancellationToken cancellationToken) =>
        SendAsync(
            "CreateLogStream",
            w =>
            {
                w.WriteString("logGroupName"u8, destination.Group);
                w.WriteString("logStreamName"u8, destination.Stream);
            },
            cancellationToken);

    /// <summary>Sets how long a group keeps its events.</summary>
    /// <exception cref="AwsException">Refused.</exception>
    public Task PutRetentionAsync(string group, int days, CancellationToken cancellationToken) =>
        SendAsync(
            "PutRetentionPolicy",
            w =>
            {
                w.WriteString("logGroupName"u8, group);
                w.WriteNumber("retentionInDays"u8, days);
            },
            cancellationToken);

    // Every other refusal is about the caller, the destination, the clock or the load: without gzip it would be the same.
    private static bool MayBeTheEncoding(AwsException e) => PutVerdicts.Of(e) switch
    {
        PutVerdict.Bisect => true,
        PutVerdict.Retry => e.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented
            || (e.StatusCode is not null && !e.IsTransient),
        _ => false,
    };

    private async Task<RejectedEvents> PutAsync(PooledStream body, bool compressed, CancellationToken cancellationToken)
    {
        AwsResponse response = await client.SendAsync(
            AwsRequest.Json11(PutLogEvents, body.WrittenMemory, compressed ? "gzip" : null), cancellationToken).ConfigureAwait(false);
        return RejectedEvents.TryRead(response.Body.Span, out RejectedEvents rejected)
            ? rejected
            : throw new AwsException("PutLogEvents was answered with 200 but without the service's JSON: something between here and CloudWatch Logs answered. It will be sent again.")
            {
                Service = "logs",
                Operation = "PutLogEvents",
                Code = "InvalidResponse",
                StatusCode = response.StatusCode,
                IsTransient = true,
                RequestId = response.RequestId,
            };
    }

    private Task<AwsResponse> SendAsync(string operation, Action<Utf8JsonWriter> members, CancellationToken cancellationToken) =>
        client.SendAsync(AwsRequest.Json11(Prefix + operation, members), cancellationToken);
}
