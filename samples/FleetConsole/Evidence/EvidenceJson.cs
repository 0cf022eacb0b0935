using System.Text.Json;
using System.Text.Json.Serialization;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Evidence;

/// <summary>Rows of the store as lines of a bundle.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrailRow))]
[JsonSerializable(typeof(TrailHour))]
[JsonSerializable(typeof(ConnectionRow))]
[JsonSerializable(typeof(DeviceDocument))]
[JsonSerializable(typeof(ConsoleFinding))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
