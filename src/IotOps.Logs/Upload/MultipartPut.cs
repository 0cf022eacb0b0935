using System.Net;
using IotOps.Aws;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Upload;

/// <summary>A file in parts: begin, parts in parallel, complete; or abort.</summary>
internal sealed class MultipartPut(
    S3Target target, SourceFile file, S3UploaderPutOptions put, UploadProgress progress, S3UploaderOptions options, ILogger logger)
{
    private static readonly TimeSpan AbortWithin = TimeSpan.FromSeconds(30);

    private readonly PartPlan _plan = PartPlan.For(file.Length, options.PartBytes);

    public async Task<S3UploaderResult> RunAsync(CancellationToken cancellationToken)
    {
        string uploadId = await BeginAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string[] etags = await SendPartsAsync(uploadId, cancellationToken).ConfigureAwait(false);
            file.ThrowIfChanged();
            return await CompleteAsync(uploadId, etags, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await AbortAsync(uploadId).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        AwsResponse response = await target.Client.SendAsync(
            target.Request("CreateMultipartUpload", HttpMethod.Post, [new("uploads", "")]) with { Headers = [put.ContentTypeHeader] },
            cancellationToken).ConfigureAwait(false);
        return MultipartXml.Read(response.Body, "UploadId")
            ?? throw UploadAnswer.Lacks("CreateMultipartUpload", "UploadId");
    }

    private async Task<string[]> SendPartsAsync(string uploadId, CancellationToken cancellationToken)
    {
        string[] etags = new string[_plan.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MaxParallelParts, CancellationToken = cancellationToken };

        // Returns only when every part has ended, also after a failure: nothing may arrive behind the abort.
        await Parallel.ForAsync(0, _plan.Count, parallel, async (index, token) =>
            etags[index] = await SendPartAsync(uploadId, index, token).ConfigureAwait(false)).ConfigureAwait(false);
        return etags;
    }

    private async Task<string> SendPartAsync(string uploadId, int index, CancellationToken cancellationToken)
    {
        var reading = new PartReading(file, _plan.Offset(index), progress);
        AwsResponse response = await target.Client.SendAsync(
            target.Request("UploadPart", HttpMethod.Put, [new("partNumber", $"{index + 1}"), new("uploadId", uploadId)]) with
            {
                StreamBody = new AwsStreamBody(reading.Open, _plan.Length(index)),
            },
            cancellationToken).ConfigureAwait(false);
        return UploadAnswer.ETag("UploadPart", response);
    }

    private async Task<S3UploaderResult> CompleteAsync(string uploadId, string[] etags, CancellationToken cancellationToken)
    {
        AwsRequest request = target.Request("CompleteMultipartUpload", HttpMethod.Post, [new("uploadId", uploadId)]) with
        {
            Headers = [new("Content-Type", "application/xml")],
            Body = MultipartXml.Complete(etags),
        };
        try
        {
            AwsResponse response = await target.Client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            string etag = MultipartXml.Read(response.Body, "ETag")
                ?? throw UploadAnswer.Lacks("CompleteMultipartUpload", "ETag");
            return Result(etag, response);
        }
        catch (AwsException e) when (e.Code is "NoSuchUpload")
        {
            // The completion before this one may have been accepted and its answer lost: then the object is there.
            if (await FindAsync(cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found;
            }

            throw;
        }
    }

    private async Task<S3UploaderResult?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            AwsResponse head = await target.Client.SendAsync(target.Request("HeadObject", HttpMethod.Head), cancellationToken).ConfigureAwait(false);
            string etag = UploadAnswer.ETag("HeadObject", head);
            bool ours = etag.EndsWith($"-{_plan.Count}\"", StringComparison.Ordinal)
                && string.Equals(head.Headers.GetValueOrDefault("Content-Length"), $"{file.Length}", StringComparison.Ordinal);
            return ours ? Result(etag, head) : null;
        }
        catch (AwsException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    private S3UploaderResult Result(string etag, AwsResponse response) =>
        new(etag, file.Length, _plan.Count, response.Headers.GetValueOrDefault("x-amz-version-id"));

    private async Task AbortAsync(string uploadId)
    {
        // The caller's token may be what ended the upload; the parts still cost money until they are gone.
        using var limit = new CancellationTokenSource(AbortWithin, options.TimeProvider);
        try
        {
            await target.Client.SendAsync(
                target.Request("AbortMultipartUpload", HttpMethod.Delete, [new("uploadId", uploadId)]), limit.Token).ConfigureAwait(false);
        }
        catch (AwsException e) when (e.Code is "NoSuchUpload")
        {
            // Gone already, which is what was wanted.
        }
        catch (Exception e) when (e is AwsException or OperationCanceledException)
        {
            Log.UploadNotAborted(logger, target.Bucket, target.Key, uploadId, e.Message);
        }
    }
}
