namespace IotOps.Aws.Credentials;

/// <summary>A certificate or key file cannot be used as it is now.</summary>
internal sealed class DeviceCertificateException(string message, Exception? innerException = null) : Exception(message, innerException);
