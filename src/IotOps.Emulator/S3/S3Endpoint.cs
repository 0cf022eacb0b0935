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
    private readonly CopyObject _copyObject = new(store);
    private readonly GetObject _getObject = new(store);
    private readonly ListObjects _listObjects = new(store);
    private readonly UploadOperations _uploads = new(store);
    private readonly PartOperations _parts = new(store);
    private readonly CompleteUpload _completeUpload = new(store);
    private readonly ListUploads _listUploads = new(store);
    private readonly ListVersions _listVersions = new(store);
    private readonly DeleteObjects _deleteObjects = new(store);
    private readonly GetObjectAttributes _attributes = new(store);
    private readonly TaggingOperations _tagging = new(store);
    private readonly VersioningOperations _versioning = new(store);
    private readonly LifecycleOperations _lifecycle = new(store);

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
            var call = new S3Call(context, target.Query, address, signature);
            string operation = S3Operation.Name(context.Request.Method, address, target.Query, isCopy: call.Header("x-amz-copy-source") is not null);
            HonouredMembers.Check(operation, call);
            CheckTransfer(operation, call);
            CheckBucket(operation, call);
            Fault? fault = faults.Take(new FaultRequest { Operation = operation, Bucket = address.Bucket, Key = address.Key });
            if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, timeProvider).ConfigureAwait(false))
            {
                return;
            }

            call = call with { LetThrough = InjectedFault.BytesLetThrough(fault) };
            await ExecuteAsync(operation, call).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await S3Answer.WriteErrorAsync(context, refusal).ConfigureAwait(false);
        }
    }

    // S3 has to know how long a body is before it comes.
    private static void CheckTransfer(string operation, S3Call call)
    {
        if (call.Request.Headers.TransferEncoding.Count > 0 && !AwsChunkedReader.IsChunked(call.Signature.PayloadHash))
        {
            throw new Refusal(501, "NotImplemented", "A header you provided implies functionality that is not implemented") { Details = [new("Header", "Transfer-Encoding")] };
        }

        if (operation is "PutObject" or "UploadPart" && call.Request.ContentLength is null && call.Request.Headers.TransferEncoding.Count == 0)
        {
            throw new Refusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        }
    }

    private void CheckBucket(string operation, S3Call call)
    {
        BucketRegion.Check(operation, call, store.Find(call.Bucket));
        if (call.Header("x-amz-expected-bucket-owner") is { } owner && owner != store.AccountId)
        {
            throw S3Errors.AccessDenied();
        }
    }

    private Task ExecuteAsync(string operation, S3Call call) => operation switch
    {
        "ListBuckets" => _buckets.ListAsync(call),
        "CreateBucket" => _buckets.CreateAsync(call),
        "DeleteBucket" => _buckets.DeleteAsync(call),
        "HeadBucket" => _buckets.HeadAsync(call),
        "GetBucketLocation" => _buckets.LocationAsync(call),
        "GetBucketAcl" or "GetObjectAcl" => _buckets.AclAsync(call),
        "GetBucketVersioning" => _versioning.GetAsync(call),
        "PutBucketVersioning" => _versioning.PutAsync(call),
        "GetBucketLifecycleConfiguration" => _lifecycle.GetAsync(call),
        "PutBucketLifecycleConfiguration" => _lifecycle.PutAsync(call),
        "DeleteBucketLifecycle" => _lifecycle.DeleteAsync(call),
        "ListObjects" => _listObjects.ExecuteV1Async(call),
        "ListObjectsV2" => _listObjects.ExecuteV2Async(call),
        "ListObjectVersions" => _listVersions.ExecuteAsync(call),
        "ListMultipartUploads" => _listUploads.ExecuteAsync(call),
        "GetObject" => _getObject.ExecuteAsync(call, withBody: true),
        "HeadObject" => _getObject.ExecuteAsync(call, withBody: false),
        "GetObjectAttributes" => _attributes.ExecuteAsync(call),
        "GetObjectTagging" => _tagging.GetAsync(call),
        "PutObjectTagging" => _tagging.PutAsync(call),
        "DeleteObjectTagging" => _tagging.DeleteAsync(call),
        "PutObject" => _objects.PutAsync(call),
        "CopyObject" => _copyObject.ExecuteAsync(call),
        "DeleteObject" => _objects.DeleteAsync(call),
        "DeleteObjects" => _deleteObjects.ExecuteAsync(call),
        "CreateMultipartUpload" => _uploads.CreateAsync(call),
        "UploadPart" => _parts.UploadAsync(call),
        "UploadPartCopy" => _parts.CopyAsync(call),
        "CompleteMultipartUpload" => _completeUpload.ExecuteAsync(call),
        "AbortMultipartUpload" => _uploads.AbortAsync(call),
        "ListParts" => _parts.ListAsync(call),
        _ => throw new InvalidOperationException($"S3 operation {operation} has a name but no handler."),
    };
}
