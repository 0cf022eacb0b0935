using IotOps.Emulator.Http;

namespace IotOps.Emulator.Signing;

/// <summary>How a family of services words its refusals of a signature.</summary>
internal abstract class SignatureErrors
{
    /// <summary>JSON services: one exception type, told apart by the message.</summary>
    public static SignatureErrors Json(string service) => new JsonErrors(service);

    /// <summary>S3: a code for each.</summary>
    public static SignatureErrors S3 { get; } = new S3Errors();

    /// <summary>
    /// MQTT over WebSocket, which signs as no other service does: the session token is appended behind the signature, and X-Amz-Expires
    /// may be left out.
    /// </summary>
    public static SignatureErrors DeviceGateway { get; } = new GatewayErrors();

    /// <summary>Whether a presigned query's session token is part of what is signed.</summary>
    public virtual bool TokenIsSigned => true;

    /// <summary>How long a presigned query holds that does not say; null when it has to.</summary>
    public virtual TimeSpan? DefaultLifetime => null;

    /// <summary>The service that the credential scope must name.</summary>
    public abstract string Service { get; }

    /// <summary>How far a request's time may be from ours.</summary>
    public abstract TimeSpan MaxSkew { get; }

    public abstract Refusal Missing();

    public abstract Refusal Malformed(string why);

    /// <summary>The same of a presigned query.</summary>
    public virtual Refusal MalformedQuery(string why) => Malformed(why);

    public abstract Refusal WrongService(string service, bool isPresigned);

    public abstract Refusal UnknownKey(string accessKeyId, string ownId);

    public abstract Refusal WrongToken();

    public abstract Refusal ExpiredToken();

    public abstract Refusal Skewed(SignatureClaim claim, DateTimeOffset now);

    public abstract Refusal Mismatch(string canonicalRequest, string stringToSign, SignatureClaim claim);

    private class JsonErrors(string service) : SignatureErrors
    {
        public override string Service => service;

        public override TimeSpan MaxSkew => TimeSpan.FromMinutes(5);

        public override Refusal Missing() =>
            new(400, "MissingAuthenticationTokenException", "Missing Authentication Token");

        public override Refusal Malformed(string why) => new(400, "IncompleteSignatureException", why);

        public override Refusal WrongService(string service, bool isPresigned) =>
            new(400, "InvalidSignatureException", $"Credential should be scoped to correct service: '{Service}'. ");

        public override Refusal UnknownKey(string accessKeyId, string ownId) =>
            new(400, "UnrecognizedClientException", $"The security token included in the request is invalid. The emulator does not know the access key '{accessKeyId}'; its own is {ownId}.");

        public override Refusal WrongToken() => new(400, "UnrecognizedClientException", "The security token included in the request is invalid.");

        public override Refusal ExpiredToken() =>
            new(400, "ExpiredTokenException", "The security token included in the request is expired");

        public override Refusal Skewed(SignatureClaim claim, DateTimeOffset now)
        {
            string clock = now.ToString(SignatureClaim.DateFormat);
            return claim.Time < now
                ? new(400, "InvalidSignatureException",
                    $"Signature expired: {claim.AmzDate} is now earlier than {(now - MaxSkew).ToString(SignatureClaim.DateFormat)} ({clock} - 5 min.)")
                : new(400, "InvalidSignatureException",
                    $"Signature not yet current: {claim.AmzDate} is still later than {(now + MaxSkew).ToString(SignatureClaim.DateFormat)} ({clock} + 5 min.)");
        }

        public override Refusal Mismatch(string canonicalRequest, string stringToSign, SignatureClaim claim) =>
            new(400, "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n"
                + $"The Canonical String for this request should have been\n'{canonicalRequest}'\n\nThe String-to-Sign should have been\n'{stringToSign}'\n");
    }

    private sealed class GatewayErrors() : JsonErrors("iotdevicegateway")
    {
        public override bool TokenIsSigned => false;

        public override TimeSpan? DefaultLifetime => MaxSkew;
    }

    private sealed class S3Errors : SignatureErrors
    {
        public override string Service => "s3";

        public override TimeSpan MaxSkew => TimeSpan.FromMinutes(15);

        public override Refusal Missing() => new(403, "AccessDenied", "Access Denied");

        public override Refusal Malformed(string why) => new(400, "AuthorizationHeaderMalformed", why);

        public override Refusal MalformedQuery(string why) => new(400, "AuthorizationQueryParametersError", why);

        public override Refusal WrongService(string service, bool isPresigned) => isPresigned
            ? MalformedQuery($"Error parsing the X-Amz-Credential parameter; incorrect service \"{service}\". This endpoint belongs to \"s3\".")
            : Malformed($"The authorization header is malformed; incorrect service \"{service}\". This endpoint belongs to \"s3\".");

        public override Refusal UnknownKey(string accessKeyId, string ownId) =>
            new(403, "InvalidAccessKeyId", $"The AWS Access Key Id you provided does not exist in our records. The emulator's own is {ownId}.")
            {
                Details = [new("AWSAccessKeyId", accessKeyId)],
            };

        public override Refusal WrongToken() => new(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");

        public override Refusal ExpiredToken() => new(400, "ExpiredToken", "The provided token has expired.");

        public override Refusal Skewed(SignatureClaim claim, DateTimeOffset now) =>
            new(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
            {
                Details =
                [
                    new("RequestTime", claim.AmzDate),
                    new("ServerTime", now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")),
                    new("MaxAllowedSkewMilliseconds", "900000"),
                ],
            };

        public override Refusal Mismatch(string canonicalRequest, string stringToSign, SignatureClaim claim) =>
            new(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
            {
                Details =
                [
                    new("AWSAccessKeyId", claim.AccessKeyId),
                    new("StringToSign", stringToSign),
                    new("SignatureProvided", claim.Signature),
                    new("CanonicalRequest", canonicalRequest),
                ],
            };
    }
}
