using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace IotOps.Emulator.ControlPlane;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class JsonNodeContext : JsonSerializerContext;
