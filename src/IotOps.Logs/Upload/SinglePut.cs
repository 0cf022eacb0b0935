using IotOps.Aws;

namespace IotOps.Logs.Upload;

/// <summary>A file in one request.</summary>
internal sealed class SinglePut(S3Target target, SourceFile file, S3UploaderPutOptions put, UploadProgress progress)
{
    public async Task<S3UploaderResult> RunAsync(CancellationToken cancellationToken)
    {
        var reading = new PartReading(file, 0, progress);
        AwsResponse response = await target.Client.SendAsync(
            target.Request("PutObject", HttpMethod.Put) with
            {
                Headers = [put.ContentTypeHeader],
                StreamBody = new AwsStreamBody(reading.Open, file.Length),
            },
            cancellationToken).ConfigureAwait(false);
        file.ThrowIfChanged();
        return new S3UploaderResult(
            UploadAnswer.ETag("PutObject", response), file.Length, Parts: 1, response.Headers.GetValueOrDefault("x-amz-version-id"));
    }
}
