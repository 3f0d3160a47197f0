/**
 * Networks for image classification, one file a family, equal to torchvision's and timm's; and their published weights.
 *
 * <h2>One more backbone</h2>
 * <ol>
 * <li>A class that extends {@link graft.backbone.Backbone}, in a file named after its family: {@code parameter}, {@code buffer} and
 * {@code child} in the order and under the names of the reference's {@code state_dict()}; {@code features} and {@code head} as the
 * paper says it. The layers are {@link graft.torch.Layers}, {@link graft.torch.LayerNorm} and {@link graft.torch.Attention}, the
 * operators those of {@link graft.torch.Value}; what is missing there is one line.
 * <li>A line in {@link graft.backbone.Backbones}: with the usual input size, if the description depends on it.
 * <li>Its weights in {@link graft.backbone.Pretrained}. Where files exist under other names than the reference's present ones,
 * {@code adapted} translates them.
 * <li>Reference values: {@code make_models.py} of the oracle writes them for any model of torchvision or timm; the file goes to
 * {@code oracle/models} of the tests' resources, where {@code BackboneTest} finds it.
 * </ol>
 */
package graft.backbone;
