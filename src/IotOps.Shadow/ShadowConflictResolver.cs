namespace IotOps.Shadow;

/// <summary>
/// Decides a field that both sides changed. What it returns becomes the field's value on both sides; null removes it. It must return at
/// once, and the same for the same conflict.
/// </summary>
/// <param name="conflict">The field, and what each side made of it.</param>
public delegate ShadowValue? ShadowConflictResolver(ShadowConflict conflict);
