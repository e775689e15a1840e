"""MkDocs plugin: the only module that knows MkDocs. Everything it does is a call elsewhere."""

from pathlib import Path

from jinja2 import Environment
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files

from portal_site.build import build_site
from portal_site.settings import saved_settings


class PortalConfig(Config):  # type: ignore[no-untyped-call]  # MkDocs' own metaclass
    """Options in mkdocs.yml."""

    staged = config_options.Type(bool, default=False)
    """True in the trees that the build stages, one a language."""


class PortalPlugin(BasePlugin[PortalConfig]):  # type: ignore[no-untyped-call]  # as above
    """Builds the whole site from the root, and each staged language with our templates only."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Take out the pages that a theme adds by itself."""
        config.theme.static_templates.clear()
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Keep the staged pages; leave out what the theme ships. At the root, leave out all."""
        if not self.config.staged:
            return Files([])
        docs = Path(config.docs_dir)
        return Files([file for file in files if _is_below(file, docs)])

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Escape what editors typed: MkDocs leaves that off."""
        del config, files
        env.autoescape = True
        # Steps and rules in a page's data are in the order of their file, not of the alphabet.
        env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Build all languages where a plain `mkdocs build` was asked to put its site."""
        if self.config.staged:
            return
        root = Path(config.config_file_path).parent
        settings = saved_settings(root)
        build_site(settings.model_copy(update={"site_directory": Path(config.site_dir)}))


def _is_below(file: File, folder: Path) -> bool:
    return file.abs_src_path is not None and folder in Path(file.abs_src_path).parents
