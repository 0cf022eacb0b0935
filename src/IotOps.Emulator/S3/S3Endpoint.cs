using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.S3;

/// <summary>S3 over HTTP: REST and XML, buckets in the path or in the host name.</summary>
internal sealed class S3Endpoint(BucketStore store, SignatureVerifier verifier, FaultInjector faults, TimeProvider timeProvider) : IEndpoint
{
    private readonly BucketOperations _buckets = new(store);
    private readonly ObjectOperations _objects = new(store);
    private readonly GetObject _getObject = new(store);
    private readonly ListObjects _listObjects = new(store);
    private readonly MultipartOperations _multipart = new(store);

    /// <summary>True without the X-Amz-Target header of the JSON services. Any path may name a bucket, so S3 is asked last.</summary>
    public bool IsFor(HttpContext context) => context.Request.Headers["X-Amz-Target"].ToString().Length == 0;

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["x-amz-request-id"] = context.Response.Headers["x-amzn-RequestId"];
        context.Response.Headers.Remove("x-amzn-RequestId");
        try
        {
            var target = RequestTarget.Of(context);
            var address = S3Address.Of(context.Request.Host.Host, target.RawPath);
            VerifiedSignature signature = verifier.VerifyS3(context.Request, target, address.IsInHost ? address.Bucket : null);
            string operation = S3Operation.Name(
                context.Request.Method, address, target.Query, context.Request.Headers.ContainsKey("x-amz-copy-source"));
            Fault? fault = faults.Take(new FaultRequest { Operation = operation, Bucket = address.Bucket, Key = address.Key });
            if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, timeProvider).ConfigureAwait(false))
            {
                return;
            }

            var call = new S3Call(context, target.Query, address, signature) { LetThrough = InjectedFault.BytesLetThrough(fault) };
            await ExecuteAsync(operation, call).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await S3Answer.WriteErrorAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private Task ExecuteAsync(string operation, S3Call call) => operation switch
    {
        "ListBuckets" => _buckets.ListAsync(call),
        "CreateBucket" => _buckets.CreateAsync(call),
        "DeleteBucket" => _buckets.DeleteAsync(call),
        "HeadBucket" => _buckets.HeadAsync(call),
        "GetBucketLocation" => _buckets.LocationAsync(call),
        "ListObjects" => _listObjects.ExecuteV1Async(call),
        "ListObjectsV2" => _listObjects.ExecuteV2Async(call),
        "ListMultipartUploads" => _multipart.ListUploadsAsync(call),
        "GetObject" => _getObject.ExecuteAsync(call, withBody: true),
        "HeadObject" => _getObject.ExecuteAsync(call, withBody: false),
        "PutObject" => _objects.PutAsync(call),
        "CopyObject" => _objects.CopyAsync(call),
        "DeleteObject" => _objects.DeleteAsync(call),
        "DeleteObjects" => _objects.DeleteManyAsync(call),
        "CreateMultipartUpload" => _multipart.CreateAsync(call),
        "UploadPart" => _multipart.UploadPartAsync(call),
        "UploadPartCopy" => _multipart.UploadPartCopyAsync(call),
        "CompleteMultipartUpload" => _multipart.CompleteAsync(call),
        "AbortMultipartUpload" => _multipart.AbortAsync(call),
        "ListParts" => _multipart.ListPartsAsync(call),
        _ => throw new InvalidOperationException($"S3 operation {operation} has a name but no handler."),
    };
}
