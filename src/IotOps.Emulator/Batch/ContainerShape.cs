using System.Text.Json;
using IotOps.Emulator.Http;
using static IotOps.Emulator.Http.JsonShape;

namespace IotOps.Emulator.Batch;

/// <summary>
/// What a job definition may say about its container. The emulator goes by image, command and environment, and keeps and shows the rest, in which a fault
/// is a fault all the same: https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html.
/// </summary>
internal static class ContainerShape
{
    private static readonly JsonShape Pairs = List(Object(("name", Text()), ("value", Text())));

    private static readonly JsonShape Volume = Object(
        ("host", Object(("sourcePath", Text()))),
        ("name", Text()),
        ("efsVolumeConfiguration", Object(
            ("fileSystemId!", Text()),
            ("rootDirectory", Text()),
            ("transitEncryption", Word("ENABLED", "DISABLED")),
            ("transitEncryptionPort", Number),
            ("authorizationConfig", Object(("accessPointId", Text()), ("iam", Word("ENABLED", "DISABLED")))))),
        ("s3filesVolumeConfiguration", Object(
            ("fileSystemArn!", Text()), ("rootDirectory", Text()), ("transitEncryptionPort", Number), ("accessPointArn", Text()))));

    private static readonly JsonShape LinuxParameters = Object(
        ("devices", List(Object(("hostPath!", Text()), ("containerPath", Text()), ("permissions", List(Word("READ", "WRITE", "MKNOD")))))),
        ("initProcessEnabled", Flag),
        ("sharedMemorySize", Number),
        ("tmpfs", List(Object(("containerPath!", Text()), ("size!", Number), ("mountOptions", List(Text()))))),
        ("maxSwap", Number),
        ("swappiness", Number));

    private static readonly JsonShape Container = Object(
        ("image", Text()),
        ("command", List(Text())),
        ("environment", Pairs),
        ("vcpus", Number),
        ("memory", Number),
        ("resourceRequirements", List(Object(("type!", Word("GPU", "VCPU", "MEMORY")), ("value!", Text())))),
        ("jobRoleArn", Text()),
        ("executionRoleArn", Text()),
        ("volumes", List(Volume)),
        ("mountPoints", List(Object(("containerPath", Text()), ("readOnly", Flag), ("sourceVolume", Text())))),
        ("readonlyRootFilesystem", Flag),
        ("privileged", Flag),
        ("ulimits", List(Object(("hardLimit!", Number), ("name!", Text()), ("softLimit!", Number)))),
        ("user", Text()),
        ("linuxParameters", LinuxParameters),
        ("logConfiguration", Object(
            ("logDriver!", Word("json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens")), ("options", Map()))),
        ("networkConfiguration", Object(("assignPublicIp", Word("ENABLED", "DISABLED")))),
        ("fargatePlatformConfiguration", Object(("platformVersion", Text()))),
        ("enableExecuteCommand", Flag),
        ("ephemeralStorage", Object(("sizeInGiB!", Number))),
        ("runtimePlatform", Object(("operatingSystemFamily", Text()), ("cpuArchitecture", Text()))));

    private static readonly JsonShape Platforms = List(Word("EC2", "FARGATE"));

    /// <exception cref="Refusal">The containerProperties or platformCapabilities of a request have something else.</exception>
    public static void Check(JsonElement request)
    {
        Check(request, "containerProperties", Container);
        Check(request, "platformCapabilities", Platforms);
    }

    private static void Check(JsonElement request, string name, JsonShape shape)
    {
        if (request.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null && shape.Wrong(value, name) is { } wrong)
        {
            throw BatchInput.Invalid(wrong);
        }
    }
}
